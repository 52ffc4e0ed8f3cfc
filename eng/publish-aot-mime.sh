#!/usr/bin/env bash
# Publishes as NativeAOT the sample AttachmentPolicy (MimeKit, SharpCompress, a host), and a filter that takes MimeMessage and MailParts and needs no host. Insists on no trimming or
# AOT warning, and on the bound of the second; prints both sizes.
#   eng/publish-aot-mime.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
out=${1:-$(mktemp -d)}
limit=6000000
mkdir -p "$out/source"
publish() {
    dotnet publish "$1" -c Release -r linux-x64 -p:PublishAot=true -o "$out/$2" --artifacts-path "$out/artifacts-$2" >"$out/$2.log" 2>&1 || { tail -40 "$out/$2.log"; exit 1; }
    if grep -E 'warning (IL|AOT)[0-9]*|warning [A-Z]+[0-9]+' "$out/$2.log"; then
        echo "publishing $2 has warnings"
        exit 1
    fi
}
publish samples/AttachmentPolicy policy
echo "AttachmentPolicy as NativeAOT: $(stat -c %s "$out/policy/attachmentpolicy") bytes"

cat >"$out/source/Filter.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <InvariantGlobalization>true</InvariantGlobalization>
    <OptimizationPreference>Size</OptimizationPreference>
    <StackTraceSupport>false</StackTraceSupport>
    <UseSystemResourceKeys>true</UseSystemResourceKeys>
  </PropertyGroup>
  <ItemGroup>
    <ProjectReference Include="$root/src/Milter.MimeKit/Milter.MimeKit.csproj" />
    <ProjectReference Include="$root/src/Milter.Generators/Milter.Generators.csproj" OutputItemType="Analyzer" ReferenceOutputAssembly="false" />
  </ItemGroup>
</Project>
XML
cat >"$out/source/Program.cs" <<'CS'
using Milter;
using Milter.Mime;
using MimeKit;

await MilterServer.RunAsync<Both>(args.Length > 0 ? args[0] : "inet:9999@127.0.0.1");

[Milter]
internal sealed partial class Both
{
    [OnEom]
    private static void End(MailParts parts, MimeMessage message)
    {
        foreach (MailPart part in parts.WithExtension("exe"))
        {
            part.ReplaceWithNotice($"Removed from \"{message.Subject}\".\r\n");
        }
    }
}
CS
publish "$out/source/Filter.csproj" small
size=$(stat -c %s "$out/small/Filter")
echo "A filter with MimeMessage and MailParts as NativeAOT: $size bytes"
[ "$size" -le "$limit" ] || { echo "more than $limit"; exit 1; }
