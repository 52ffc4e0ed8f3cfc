#include "load.h"

/* 64 buckets for each power of two, so a quantile is right to 1.6 %. */
static unsigned bucket_of(uint64_t value) {
    if (value < (1u << SUB_BITS))
        return (unsigned)value;
    int shift = 63 - __builtin_clzll(value) - SUB_BITS;
    return ((unsigned)(shift + 1) << SUB_BITS) + (unsigned)((value >> shift) & ((1u << SUB_BITS) - 1));
}

static double middle_of(unsigned bucket) {
    unsigned shift = bucket >> SUB_BITS;
    uint64_t sub = bucket & ((1u << SUB_BITS) - 1);
    if (shift == 0)
        return (double)sub;
    return ((double)((1u << SUB_BITS) + sub) + 0.5) * (double)(1ull << (shift - 1));
}

void histogram_add(struct histogram *histogram, uint64_t value) {
    histogram->count[bucket_of(value)]++;
    histogram->total++;
    if (value > histogram->largest)
        histogram->largest = value;
}

double histogram_quantile(const struct histogram *histogram, double quantile) {
    if (histogram->total == 0)
        return 0;
    uint64_t rank = (uint64_t)(quantile * (double)(histogram->total - 1)), seen = 0;
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        seen += histogram->count[bucket];
        if (seen > rank)
            return middle_of(bucket) < (double)histogram->largest ? middle_of(bucket) : (double)histogram->largest;
    }
    return (double)histogram->largest;
}
