/* Replays a capture through state and fields, without a bundle. */
#ifndef SK_TESTS_REPLAY_H
#define SK_TESTS_REPLAY_H

#include "daemon/fields/fields.h"

#include <stdio.h>

/* Called for every event that rules would see; F->ec describes it. False ends the replay. */
typedef bool (*sk_replay_fn)(void *arg, struct sk_fields *f);

/* Called for every thread of the capture's lists; may change the entry. False leaves the thread out, and its descriptors. */
typedef bool (*sk_replay_thread_fn)(void *arg, struct sk_thread_entry *t);

/* 0; or 1 with one line on standard error. A capture that ends early is reported and counts as replayed. */
int sk_replay(const char *capture, sk_replay_fn fn, void *arg);
/* The same with some of the threads. */
int sk_replay_some(const char *capture, sk_replay_thread_fn keep, sk_replay_fn fn, void *arg);

#endif
