/* Writing what is read as a capture of today: -w, with --write-filter. */
#ifndef SK_RECORD_H
#define SK_RECORD_H

#include "daemon/engine.h"

struct sk_recorder;

struct sk_record_opts {
	const char *path;
	bool gzip;             /* else only if PATH ends in ".gz" */
	const char *condition; /* NULL: everything. Events that do not match are left out; those that change state are kept,
				  marked as state only */
	const char *source;    /* the capture that is read, which must not be PATH; NULL: none */
};

/* Create the file. E must outlive the recorder. 0, or a negative errno with a line in ERR (N bytes); findings about the condition
 * have gone to standard error. */
int sk_recorder_open(const struct sk_record_opts *opts, struct sk_engine *e, struct sk_recorder **ret, char *err, size_t n);
/* A sink for a source's lists that hands them to the engine and to the file. */
struct sk_list_sink sk_recorder_sink(struct sk_recorder *r);
/* Write the engine's current event: call after sk_engine_event(). The first failure is logged, and nothing is written after it.
 */
void sk_recorder_event(struct sk_recorder *r);
/* Write what is held back and close. 0 or the first error, with a line in ERR. R may be NULL. */
int sk_recorder_close(struct sk_recorder *r, char *err, size_t n);

#endif
