/* What the files of this folder share. Nobody else includes it. */
#ifndef SK_LIVE_INTERNAL_H
#define SK_LIVE_INTERNAL_H

#include "base/attr.h"
#include "probe/live/calls.h"
#include "probe/live/live.h"
#include "probe/live/wall.h"

/* --- rings.c: one ring a CPU, mapped --------------------------------------------------------------------------------------- */
struct sk_ring {
	int fd;
	uint32_t size;
	unsigned long *consumer;       /* page that the reader writes */
	const unsigned long *producer; /* page that the kernel writes; data follow, mapped twice over */
	const uint8_t *data;
	unsigned long at, end; /* reader's place; what is known to be there */
	uint64_t next_seq;
};
/* Create ring of BYTES and map it. 0 or a negative errno. */
int sk_ring_open(struct sk_ring *r, uint32_t bytes);
void sk_ring_close(struct sk_ring *r);
/* The first record that is complete, without taking it; NULL none. *RET_LEN is its length. */
const struct sk_live_head *sk_ring_peek(struct sk_ring *r, uint32_t *ret_len);
/* Step over the record that was peeked. */
void sk_ring_skip(struct sk_ring *r);
/* Look how far the kernel is. */
void sk_ring_look(struct sk_ring *r);
/* Tell the kernel how far the reader is. */
void sk_ring_release(struct sk_ring *r);

struct saker_bpf;
struct bpf_object;
struct bpf_program;
struct bpf_link;

struct sk_live {
	struct saker_bpf *skel;
	struct sk_ring *rings;
	uint32_t nrings;
	uint32_t current;  /* ring of the event handed out, nrings: none */
	uint64_t cutoff;   /* events up to here are all in the rings */
	uint64_t epoch;    /* of the boot clock, ns, as records have it: never changes */
	struct sk_wall wall;
	uint64_t synced; /* boot time of the last look at the time of day */
	uint64_t clock_steps;
	int64_t clock_step;
	uint32_t idle;     /* rounds without event */
	uint64_t read, missing;
	uint32_t refused;
	struct bpf_link *links[8];
	uint32_t nlinks;
	void (*thread)(void *arg, const struct sk_event *ev); /* of the options */
	void *arg;
	const struct sk_live_opts *opts; /* during open only */
};

/* --- load.c ---------------------------------------------------------------------------------------------------------------- */
int sk_live_load(struct sk_live *l, struct sk_live_error *err);
void sk_live_unload(struct sk_live *l);
void sk_live_warn(const struct sk_live *l, const char *fmt, ...) SK_PRINTF(2, 3);
int sk_live_fail(struct sk_live_error *err, int r, const char *fmt, ...) SK_PRINTF(3, 4);

#endif
