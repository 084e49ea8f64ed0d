/* The engine: events in, matches out. State, fields and machine of one source of events, put together; knows nothing of where events come from or alerts go. */
#ifndef SK_ENGINE_H
#define SK_ENGINE_H

#include "daemon/fields/fields.h"
#include "vm/bundle/bundle.h"

#include <saker/lists.h>

struct sk_engine;

struct sk_engine_opts {
	size_t sz; /* sizeof(struct sk_engine_opts) */
	enum sk_match_mode mode;
	bool base64_buffers;
};

/* An engine over a verified bundle, which must outlive it. 0 or a negative errno, with a line in RETERR (N bytes). */
int sk_engine_new(const struct sk_bundle *b, const struct sk_engine_opts *opts, struct sk_engine **ret, char *reterr, size_t n);
void sk_engine_free(struct sk_engine *e);
/* Where a source puts the lists that stand before its events. */
struct sk_list_sink sk_engine_sink(struct sk_engine *e);
/* Take one event: update state, evaluate rules. Returns the number of rules that match; sk_engine_matches() and values stay until the next call. */
uint32_t sk_engine_event(struct sk_engine *e, const struct sk_event *ev);
const uint32_t *sk_engine_matches(const struct sk_engine *e);
/* Value register V of the current event: for output. */
const struct sk_value *sk_engine_value(struct sk_engine *e, uint32_t v);
struct sk_vm *sk_engine_vm(struct sk_engine *e);
struct sk_fields *sk_engine_fields(struct sk_engine *e);
struct sk_state *sk_engine_state(struct sk_engine *e);
const struct sk_bundle_view *sk_engine_bundle(const struct sk_engine *e);
/* Turn evaluation (not state) off and on: benchmarks measure the parts apart. */
void sk_engine_evaluate(struct sk_engine *e, bool on);

#endif
