/* The filter of the scenarios on libmilter, as plain as people write them: does at the end of a message what its X-Do says
 * (block MS, forever, crash), and has 900 bytes for a command that the MTA does not know.
 *
 *     cc -o doing doing.c -lmilter -lpthread
 *     ./doing unix:/tmp/doing.sock [SECONDS]       the timeout of smfi_settimeout; libmilter's own otherwise
 */
#include <libmilter/mfapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static sfsistat on_mail(SMFICTX *context, char **arguments)
{
    (void)context;
    (void)arguments;
    return SMFIS_CONTINUE;
}

static sfsistat on_header(SMFICTX *context, char *name, char *value)
{
    if (strcasecmp(name, "X-Do") == 0) {
        free(smfi_getpriv(context));
        smfi_setpriv(context, strdup(value + strspn(value, " ")));
    }
    return SMFIS_CONTINUE;
}

static sfsistat on_unknown(SMFICTX *context, const char *command)
{
    static char text[901];

    (void)command;
    memset(text, 'x', 900);
    smfi_setreply(context, "550", "5.7.1", text);
    return SMFIS_REJECT;
}

static sfsistat forget(SMFICTX *context)
{
    free(smfi_getpriv(context));
    smfi_setpriv(context, NULL);
    return SMFIS_CONTINUE;
}

static sfsistat at_end(SMFICTX *context)
{
    const char *deed = smfi_getpriv(context);

    if (deed != NULL && strncmp(deed, "block ", 6) == 0)
        usleep((useconds_t)atoi(deed + 6) * 1000);
    else if (deed != NULL && strcmp(deed, "forever") == 0)
        for (;;)
            pause();
    else if (deed != NULL && strcmp(deed, "crash") == 0)
        abort();
    return forget(context);
}

int main(int argc, char **argv)
{
    struct smfiDesc filter = {
        .xxfi_name = "doing", .xxfi_version = SMFI_VERSION, .xxfi_envfrom = on_mail, .xxfi_header = on_header, .xxfi_unknown = on_unknown,
        .xxfi_eom = at_end, .xxfi_abort = forget, .xxfi_close = forget,
    };

    if (argc < 2 || smfi_setconn(argv[1]) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS)
        return 64;
    if (argc > 2)
        smfi_settimeout(atoi(argv[2]));
    return smfi_main() == MI_SUCCESS ? 0 : 1;
}
