#include "probe/live/wall.h"

void
sk_wall_init(struct sk_wall *w, uint64_t epoch)
{
	*w = (struct sk_wall){.epoch = epoch};
}

/* How far event times are ahead of the clock at BOOT. */
static uint64_t
ahead_at(const struct sk_wall *w, uint64_t boot)
{
	uint64_t caught_up = boot > w->since ? (boot - w->since) / 2 : 0;

	return w->ahead > caught_up ? w->ahead - caught_up : 0;
}

int64_t
sk_wall_sync(struct sk_wall *w, uint64_t now, uint64_t epoch)
{
	int64_t step = (int64_t)(epoch - w->epoch);
	uint64_t size = step < 0 ? 0 - (uint64_t)step : (uint64_t)step, ahead = ahead_at(w, now);

	if (size < SK_WALL_STEP_MIN)
		return 0;
	if (step > 0)
		ahead = ahead > size ? ahead - size : 0;
	else
		ahead += size;
	if (ahead > SK_WALL_SLEW_MAX)
		ahead = w->last = 0;
	w->epoch = epoch;
	w->ahead = ahead;
	w->since = now;
	return step;
}

uint64_t
sk_wall_of(struct sk_wall *w, uint64_t boot)
{
	uint64_t t = boot + w->epoch + ahead_at(w, boot);

	if (t > w->last)
		w->last = t;
	return w->last;
}
