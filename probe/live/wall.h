/* Time of day of events. The kernel stamps them with the clock that runs since boot and never steps; the time of day may be set
 * at any moment. Times handed out never go back, with one exception:
 *   - set forward: the new time counts at once;
 *   - set back by up to SK_WALL_SLEW_MAX: event times run at half speed until the clock has caught up with them;
 *   - set back by more: it was plainly wrong before. The new time counts at once. */
#ifndef SK_LIVE_WALL_H
#define SK_LIVE_WALL_H

#include <stdint.h>

#define SK_WALL_SLEW_MAX (600ull * 1000000000u)
/* Less is the error of reading two clocks. */
#define SK_WALL_STEP_MIN 5000000ull

/* All in ns. Zero of the boot clock is EPOCH since 1970. */
struct sk_wall {
	uint64_t epoch;
	uint64_t ahead, since; /* at boot time SINCE events were AHEAD of the clock */
	uint64_t last;         /* handed out */
};

void sk_wall_init(struct sk_wall *w, uint64_t epoch);
/* At boot time NOW the epoch is EPOCH. By how much the clock was set since it was last told, 0: not. */
int64_t sk_wall_sync(struct sk_wall *w, uint64_t now, uint64_t epoch);
/* Time of day at boot time BOOT; calls come in order of BOOT. */
uint64_t sk_wall_of(struct sk_wall *w, uint64_t boot);

#endif
