/* The equations of headway.model, written by hand in C: what a programmer with a week would write instead.
 *
 * Arrays are [country][member] or [member], paths [date][country], all float. Members are innermost, so that every loop
 * over them is one that the compiler can vectorise; -ffast-math lets it use the vector functions of libm. One call runs
 * one block of members through all dates. Indices of `in` are those of ORDER in benchmarks/hand_written.py.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EACH_MEMBER _Pragma("omp simd") for (int n = 0; n < N; n++)

enum {
    /* state */ X, K, L, Q, A,
    /* spending */ LOG_LEVEL, ADJUSTMENT, CEILING, DRAG,
    /* supply */ CHIP_SHARE, CHIP_PRICE, PRICE_PERFORMANCE, PREMIUM, SCALE, DEVIATION,
    /* stock */ WEAR,
    /* run */ CONCENTRATION, LENGTH_GROWTH, LENGTH_END,
    /* talent */ RETIREMENT, MOBILITY, ELASTICITY, DISTANCE_WEIGHT, DISTANCE_FADE, TRAINING,
    /* algorithms */ OWN_RATE, RETURNS, FISHING, SUBSTITUTION, WEIGHT, ABSORPTION, OPENNESS_WEIGHT, COLLABORATION, HALF,
    /* capability */ INTERCEPT, SLOPE, DISCREPANCY, DISCREPANCY_YEARS,
    /* reference */ REF_YEAR, REF_COMPUTE, REF_TALENT, REF_RUN,
    /* paths */ YEAR, PRICE_AGE, PROJECTED, ANCHORED, LOG_GDP, RENTS, LEVER, CONTROLLED, CAPACITY, GRADUATES, PUSH, SHOCK, OPENNESS,
    /* geography */ LOG_PAY, CLOSENESS,
    /* shocks */ NOISE
};

static inline float softplus(float x) { return fmaxf(x, 0) + logf(1 + expf(-fabsf(x))); }

static inline float softmin(float a, float b) {
    float small = fminf(a, b), large = fmaxf(a, b);
    float ratio = small / (large > 0 ? large : 1), square = ratio * ratio;
    return small / sqrtf(sqrtf(1 + square * square));
}

static inline float lived(float until, float end) { return until - 0.5f * softplus((until - end) / 0.5f); }

void run(int countries, int dates, int members, float years, const float *const *in, float *compute, float *level,
         float *sovereign) {
    const int C = countries, N = members;
    const size_t size = (size_t)C * N;
    float *memory = aligned_alloc(64, (size_t)64 * ((12 * size + 16 * (size_t)N) * sizeof(float) / 64 + 1));
    float *x = memory, *k = x + size, *l = k + size, *q = l + size, *a = q + size;
    float *pull = a + size, *share = pull + size, *leavers = share + size, *gone = leavers + size, *tied = gone + size;
    float *best = tied + size, *relax = best + size, *money = relax + N, *keep = money + N, *fill = keep + N, *fade = fill + N;
    float *rho = fade + N, *odds = rho + N, *rest = odds + N, *steep = rest + N, *top = steep + N, *sum = top + N;
    float *length = sum + N, *ceiling = length + N, *fading = ceiling + N;
    memcpy(x, in[X], size * 4), memcpy(k, in[K], size * 4), memcpy(l, in[L], size * 4);
    memcpy(q, in[Q], size * 4), memcpy(a, in[A], size * 4);
    for (size_t i = 0; i < size; i++) best[i] = -INFINITY;

    EACH_MEMBER {
        relax[n] = expf(-years / in[ADJUSTMENT][n]);
        money[n] = logf(in[CHIP_SHARE][n] / in[CHIP_PRICE][n]);
        ceiling[n] = logf(in[CEILING][n]);
        keep[n] = expf(-in[WEAR][n] * years);
        fill[n] = (1 - keep[n]) / in[WEAR][n];
        fade[n] = expf(-in[DISTANCE_FADE][n] * years);
        float exponent = 1 - 1 / in[SUBSTITUTION][n];
        rho[n] = fabsf(exponent) < 1e-3f ? 1e-3f : exponent;
        odds[n] = logf(in[WEIGHT][n]) - logf(1 - in[WEIGHT][n]);
        rest[n] = logf(1 - in[WEIGHT][n]);
        steep[n] = 2.302585093f * fmaxf(in[FISHING][n], 1e-3f);
    }
    float best_pay = in[LOG_PAY][0];
    for (int c = 1; c < C; c++) best_pay = fmaxf(best_pay, in[LOG_PAY][c]);
    for (int c = 0; c < C; c++)
        EACH_MEMBER pull[c * N + n] = expf(in[ELASTICITY][n] * (in[LOG_PAY][c] - best_pay));
    for (int c = 0; c < C; c++) {
        EACH_MEMBER sum[n] = 0;
        for (int j = 0; j < C; j++)
            EACH_MEMBER sum[n] += in[CLOSENESS][c * C + j] * pull[j * N + n];
        EACH_MEMBER share[c * N + n] = sum[n] > 0 ? 1 / sum[n] : 0;
    }

    for (int t = 0; t < dates; t++) {
        const float year = in[YEAR][t], age = in[PRICE_AGE][t], ahead = in[PROJECTED][t];
        EACH_MEMBER {
            length[n] = in[LENGTH_GROWTH][n] * (lived(year, in[LENGTH_END][n]) - lived(in[REF_YEAR][n], in[LENGTH_END][n]));
            fading[n] = expf(-fmaxf(in[ANCHORED][t], 0) / in[DISCREPANCY_YEARS][n]);
            top[n] = -INFINITY, sum[n] = 0;
        }
        for (int c = 0; c < C; c++)
            EACH_MEMBER top[n] = fmaxf(top[n], a[c * N + n]);
        for (int c = 0; c < C; c++)
            EACH_MEMBER sum[n] += expf((a[c * N + n] - top[n]) / 0.1f);
        EACH_MEMBER top[n] += 0.1f * logf(sum[n]);

        for (int c = 0; c < C; c++) {
            const float push = in[PUSH][t * C + c], shock = in[SHOCK][t * C + c];
            EACH_MEMBER {
                int i = c * N + n;
                float can = share[i] > 0, hazard = can * (in[MOBILITY][n] * push + shock);
                float leaving = hazard + in[RETIREMENT][n], z = leaving * years;
                gone[i] = l[i] * z / (1 + z * (0.5f + z / 12));
                leavers[i] = gone[i] * hazard / leaving * share[i];
                tied[i] = gone[i] * can * shock / leaving;
            }
        }
        for (int c = 0; c < C; c++) {
            const float gdp = in[LOG_GDP][t * C + c], rents = in[RENTS][t * C + c], lever = in[LEVER][t * C + c];
            const float held = in[CONTROLLED][t * C + c], capacity = in[CAPACITY][t * C + c];
            const float graduates = in[GRADUATES][t * C + c], open = in[OPENNESS][t * C + c];
            const float *noise = in[NOISE] + ((size_t)t * C + c) * N;
            float *out_k = compute + ((size_t)t * C + c) * N, *out_a = level + ((size_t)t * C + c) * N;
            float *out_c = sovereign + ((size_t)t * C + c) * N, *arriving = sum;
            EACH_MEMBER arriving[n] = 0;
            for (int j = 0; j < C; j++) {
                const float near = in[CLOSENESS][j * C + c];
                EACH_MEMBER arriving[n] += near * leavers[j * N + n];
            }
            EACH_MEMBER {
                int i = c * N + n;
                float wanted = expf(money[n] + in[PRICE_PERFORMANCE][n] * age + in[DEVIATION][i] * ahead + gdp + x[i]);
                float around = softmin(held * wanted / in[PREMIUM][n], capacity * in[SCALE][i]);
                float log_k = logf(fmaxf(k[i], 1)), work = l[i] + in[DISTANCE_WEIGHT][n] * q[i];
                float rel_k = log_k - in[REF_COMPUTE][n], rel_l = logf(fmaxf(work, 1)) - in[REF_TALENT][n];
                float research = rel_l + (softplus(rho[n] * (rel_k - rel_l) + odds[n]) + rest[n]) / rho[n];
                float own = in[OWN_RATE][n] * expf(in[RETURNS][n] * research - 2.302585093f * in[FISHING][n] * a[i]);
                float rate = in[ABSORPTION][n] * work / (work + in[HALF][n]) * (1 - in[OPENNESS_WEIGHT][n] * (1 - open));
                float run = 0.4342944819f * log_k + in[CONCENTRATION][i] + length[n];
                out_k[n] = k[i], out_a[n] = a[i];
                float built = in[INTERCEPT][n] + in[SLOPE][n] * (run - in[REF_RUN][n] + a[i]);
                out_c[n] = best[i] = fmaxf(best[i], built + in[DISCREPANCY][i] * fading[n]);
                float goal = in[LOG_LEVEL][i] + lever - in[DRAG][n] * rents;
                goal -= softplus(4 * (goal - ceiling[n])) / 4;
                k[i] = k[i] * keep[n] + ((1 - held) * wanted + around) * fill[n];
                a[i] += logf(1 + steep[n] * own * years) / steep[n] + rate * (top[n] - a[i]) * years + noise[n] * years;
                l[i] += graduates * in[TRAINING][n] * years - gone[i] + pull[i] * arriving[n];
                q[i] = q[i] * fade[n] + tied[i];
                x[i] = goal + (x[i] - goal) * relax[n];
            }
        }
    }
    free(memory);
}
