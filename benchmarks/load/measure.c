/* Time, CPU time and latencies. */
#include "load.h"

#include <dirent.h>
#include <stdarg.h>
#include <time.h>

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "load: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    exit(1);
}

int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Latencies: 64 steps per power of two, so that a figure is at most 1.6 % too low. */
static uint64_t histogram[64 * 48];

void record(int64_t ns) {
    uint64_t value = ns < 0 ? 0 : (uint64_t) ns;
    if (value < 64) {
        histogram[value]++;
        return;
    }
    int shift = 63 - __builtin_clzll(value) - 6;
    uint64_t slot = 64 * (uint64_t) shift + (value >> shift);
    histogram[slot < 64 * 48 ? slot : 64 * 48 - 1]++;
}

void forget_latencies(void) {
    memset(histogram, 0, sizeof histogram);
}

uint64_t quantile(double part) {
    uint64_t total = 0, sum = 0;
    for (size_t i = 0; i < 64 * 48; i++)
        total += histogram[i];
    for (size_t i = 0; i < 64 * 48; i++) {
        sum += histogram[i];
        if (total > 0 && (double) sum >= part * (double) total)
            return i < 64 ? i : (64 + i % 64) << (i / 64 - 1);
    }
    return 0;
}

/* Time on a CPU of all threads that live, as the scheduler counts it. */
int64_t cpu_of(int pid) {
    char path[320];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *tasks = opendir(path);
    if (!tasks)
        fail("no process %d", pid);
    int64_t sum = 0;
    for (struct dirent *entry; (entry = readdir(tasks));) {
        long long ns;
        snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", pid, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (!file)
            continue;
        if (fscanf(file, "%lld", &ns) == 1)
            sum += ns;
        fclose(file);
    }
    closedir(tasks);
    return sum;
}

int64_t own_cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}
