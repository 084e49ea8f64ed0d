/* Two recordings of the same work: which event of the one is which of the other. Threads are matched by their place in the tree of creation, below the shell
 * that runs the scenario; within a thread the longest common sequence of events counts. */
#ifndef SK_TESTS_ZOO_ALIGN_H
#define SK_TESTS_ZOO_ALIGN_H

#include "base/vec.h"

#include <stdint.h>

struct zoo_event {
	uint64_t num;  /* evt.num; 0: a clone that is not delivered */
	uint64_t text; /* hash of the texts among the parameters; of a generic event its call */
	int64_t res;
	uint32_t thread;
	uint16_t type;
};

struct zoo_thread {
	int64_t tid;
	uint32_t parent, place; /* index of the creator (that of the thread itself for the root), and how many it had created before */
	uint32_t peer;          /* of the other recording, UINT32_MAX: none */
};

struct zoo {
	SK_VEC(struct zoo_event) events;
	SK_VEC(struct zoo_thread) threads; /* 0 is the shell */
};

/* Read the scenario's events of CAPTURE. Zero-initialise RET. 0, or -1 with a message on standard error. */
int zoo_read(struct zoo *ret, const char *capture);
void zoo_free(struct zoo *z);
/* (*RET)[n]: number of the event of B that is event n of A, 0 none; *RET_N is the size. Sets the peers of both. False when out of memory. */
bool zoo_align(struct zoo *a, struct zoo *b, uint64_t **ret, size_t *ret_n);
/* TEXT with "********" for names that Python's tempfile made up, in OUT. Returns its length. */
size_t zoo_plain(const char *text, size_t n, char *out, size_t size);

#endif
