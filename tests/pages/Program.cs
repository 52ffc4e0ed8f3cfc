using Microsoft.Playwright;

// Opens pages in a browser, on a phone and on a desk, light and dark: nothing may be asked for, nothing may be wrong in the console, and nothing may stand beyond the right edge.
//   pages FOLDER PAGE...    pictures go to FOLDER
using IPlaywright playwright = await Playwright.CreateAsync();
await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox"] });
int wrong = 0;
foreach (string file in args[1..])
{
    foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
    {
        foreach (int width in (int[])[400, 1000])
        {
            await using IBrowserContext context = await browser.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
            IPage page = await context.NewPageAsync();
            string where = $"{Path.GetFileName(file)}, {width} pixels, {scheme}", address = new Uri(Path.GetFullPath(file)).AbsoluteUri;
            page.Console += (_, message) => Complain(where, $"console: {message.Text}");
            page.PageError += (_, error) => Complain(where, $"error: {error}");
            page.Request += (_, request) =>
            {
                if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                {
                    Complain(where, $"asks for {request.Url}");
                }
            };
            await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });
            int beyond = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            double size = await page.EvaluateAsync<double>("Math.min(...[...document.querySelectorAll('body *')].filter(e => !e.closest('svg')).map(e => parseFloat(getComputedStyle(e).fontSize)))");
            string paper = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
            if (beyond > 0)
            {
                Complain(where, $"{beyond} pixels stand beyond the right edge");
            }

            if (size < 13)
            {
                Complain(where, $"letters of {size} pixels");
            }

            if ((paper == "rgb(255, 255, 255)") == (scheme == ColorScheme.Dark))
            {
                Complain(where, $"the paper is {paper}");
            }

            await page.ScreenshotAsync(new() { Path = Path.Combine(args[0], $"{Path.GetFileNameWithoutExtension(file)}-{width}-{scheme}.png".ToLowerInvariant()), FullPage = true });
        }
    }
}

Console.WriteLine(wrong == 0 ? "All is well." : $"{wrong} complaints.");
return wrong == 0 ? 0 : 1;

void Complain(string where, string what)
{
    Interlocked.Increment(ref wrong);
    Console.Error.WriteLine($"{where}: {what}");
}
