#define _GNU_SOURCE
#include "load.h"

#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "load run  --listen SPEC --workload NAME [options]   sends messages, checks every answer; prints begin, end and a line of JSON\n"
    "load hold --listen SPEC --connections N [--stage negotiated|helo]   opens N connections, prints a line of JSON, holds them until stdin ends\n"
    "  SPEC            unix:PATH or inet:PORT@IPV4\n"
    "  --workload      noop, inspect, inspect-nr, rewrite, typical, block: what has to come back\n"
    "  --mta           postfix (default) or sendmail: how commands and macros are written\n"
    "  --connections N   at once (16)          --per-connection N  messages before a new one is opened (0: kept)\n"
    "  --special N       more, that say HELO " SPECIAL_HELO " and are not counted\n"
    "  --slow N          more, that send a byte every --slow-ms (50) and are not counted; with --slow-readers they send at once and read 16 KiB in that time\n"
    "  --headers N (12)  --recipients N (1)    --size BYTES of the body, or small (2048) or large (1048576)\n"
    "  --warmup S (1)    --duration S (2)      --messages N: ends earlier   --drain S: for the last answers (5)\n";

enum { FIRST_ANSWER = 20 };     /* more seconds that a cold server may take for its first message */

struct options options = {
    .workload = INSPECT, .connections = 16, .slow_ms = 50, .headers = 12, .recipients = 1, .size = 2048, .warmup = 1, .duration = 2, .drain = 5,
};

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static double own_cpu(void) {
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) + (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static void say(const char *word) {
    puts(word);
    fflush(stdout);
}

static void print_text(const char *text) {
    putchar('"');
    for (; *text; text++)
        putchar(*text == '"' || *text == '\\' || (unsigned char)*text < 32 || (unsigned char)*text > 126 ? '?' : *text);
    putchar('"');
}

static int run(void) {
    message_make();
    uint64_t start = now();
    connections_open(options.connections, options.special, options.slow);
    double warm;
    while ((warm = (double)(now() - start) / 1e9) < options.warmup || (totals.right + totals.errors == 0 && warm < options.warmup + FIRST_ANSWER))
        connections_poll(5);

    struct totals before = totals;
    double cpu = own_cpu();
    uint64_t began = now();
    measuring = true;
    say("begin");
    while ((double)(now() - began) / 1e9 < options.duration && (options.messages == 0 || totals.measured < (uint64_t)options.messages))
        connections_poll(5);
    measuring = false;
    double seconds = (double)(now() - began) / 1e9;
    cpu = own_cpu() - cpu;
    struct totals in_time = totals;
    say("end");

    ending = true;
    uint64_t drain = now();
    while (connections_busy() > 0 && (double)(now() - drain) / 1e9 < options.drain)
        connections_poll(5);
    int unanswered = connections_busy();
    if (totals.right == 0)
        note_error("no message was answered as the workload says");
    if (unanswered > 0)
        note_error("%d connections had no answer %.1f s after the end", unanswered, options.drain);

    int waits = 0;
    const struct script *script = connections_script();
    if (script)
        waits = (int)script->next.turn_count;
    printf("{\"messages\": %lu, \"others\": %lu, \"seconds\": %.4f, \"rate\": %.2f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, "
           "\"max_us\": %.1f, \"load_cpu\": %.4f, \"bytes_out\": %lu, \"bytes_in\": %lu, \"connections\": %lu, \"lf_bodies\": %lu, "
           "\"version\": %u, \"steps\": \"0x%x\", \"waits\": %d, \"unanswered\": %d, \"right\": %lu, \"errors\": %lu, \"first_error\": ",
        in_time.measured, in_time.others, seconds, (double)in_time.measured / seconds, histogram_quantile(&totals.latency, 0.5) / 1e3,
        histogram_quantile(&totals.latency, 0.99) / 1e3, histogram_quantile(&totals.latency, 0.999) / 1e3, (double)totals.latency.largest / 1e3,
        cpu / seconds, in_time.bytes_out - before.bytes_out, in_time.bytes_in - before.bytes_in, in_time.connections - before.connections,
        in_time.lf_bodies, script ? script->version : 0, script ? script->steps : 0, waits, unanswered, totals.right,
        totals.errors);
    print_text(totals.first_error);
    puts("}");
    return totals.errors ? 1 : 0;
}

static int hold(void) {
    int wanted = options.connections;
    message_make();
    if (options.hold == HOLD_NONE)
        options.hold = HOLD_NEGOTIATED;
    uint64_t start = now(), progress = start;
    int ready = 0;
    connections_open(wanted, 0, 0);
    while (ready < wanted && now() - progress < 15000000000u) {
        connections_poll(20);
        int reached = connections_ready();
        if (reached > ready)
            progress = now();
        ready = reached;
    }
    printf("{\"ready\": %d, \"open_ms\": %.1f, \"errors\": %lu, \"first_error\": ", ready, (double)(now() - start) / 1e6, totals.errors);
    print_text(totals.first_error);
    say("}");
    char byte;
    while (read(0, &byte, 1) > 0)
        continue;
    printf("{\"closed_by_filter\": %d}\n", connections_closed_by_filter());
    connections_close();
    return 0;
}

static int choice(const char *option, const char *given, const char *const *names) {
    for (int i = 0; names[i]; i++)
        if (strcmp(given, names[i]) == 0)
            return i;
    fail("%s can't be %s", option, given);
}

int main(int argc, char **argv) {
    static const struct option known[] = {
        { "listen", 1, 0, 'l' }, { "workload", 1, 0, 'w' }, { "mta", 1, 0, 'a' }, { "stage", 1, 0, 'g' }, { "connections", 1, 0, 'c' },
        { "special", 1, 0, 'x' }, { "slow", 1, 0, 's' }, { "slow-ms", 1, 0, 'S' }, { "slow-readers", 0, 0, 'R' }, { "headers", 1, 0, 'h' }, { "recipients", 1, 0, 'r' },
        { "size", 1, 0, 'b' }, { "per-connection", 1, 0, 'p' }, { "messages", 1, 0, 'm' }, { "warmup", 1, 0, 'W' }, { "duration", 1, 0, 'd' },
        { "drain", 1, 0, 'D' }, { 0 },
    };
    static const char *const workloads[] = { "noop", "inspect", "rewrite", "typical", "block", NULL };
    static const char *const mtas[] = { "postfix", "sendmail", NULL };
    static const char *const stages[] = { "negotiated", "helo", NULL };
    const char *mode = argc > 1 ? argv[1] : "";
    int option;
    optind = 2;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'l': options.listen = optarg; break;
        case 'w': options.workload = (enum workload)(strcmp(optarg, "inspect-nr") == 0 ? INSPECT : choice("--workload", optarg, workloads)); break;
        case 'a': options.mta = (enum mta)choice("--mta", optarg, mtas); break;
        case 'g': options.hold = (enum hold)(1 + choice("--stage", optarg, stages)); break;
        case 'c': options.connections = atoi(optarg); break;
        case 'x': options.special = atoi(optarg); break;
        case 's': options.slow = atoi(optarg); break;
        case 'S': options.slow_ms = atoi(optarg); break;
        case 'R': options.slow_readers = true; break;
        case 'h': options.headers = atoi(optarg); break;
        case 'r': options.recipients = atoi(optarg); break;
        case 'b': options.size = strcmp(optarg, "small") == 0 ? 2048 : strcmp(optarg, "large") == 0 ? 1 << 20 : strtoul(optarg, NULL, 10); break;
        case 'p': options.per_connection = atol(optarg); break;
        case 'm': options.messages = atol(optarg); break;
        case 'W': options.warmup = atof(optarg); break;
        case 'd': options.duration = atof(optarg); break;
        case 'D': options.drain = atof(optarg); break;
        default: fputs(usage, stderr); return 2;
        }
    }
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
    if (options.listen && options.connections > 0 && strcmp(mode, "run") == 0)
        return run();
    if (options.listen && options.connections > 0 && strcmp(mode, "hold") == 0)
        return hold();
    fputs(usage, stderr);
    return 2;
}
