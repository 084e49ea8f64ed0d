/* Channels that alerts go to. */
#ifndef SK_OUTPUT_H
#define SK_OUTPUT_H

#include "daemon/config.h"

struct sk_output_ops {
	/* Make the channel ready; *RET is what the other functions get. 0, or a negative errno with a line in ERR (N bytes). */
	int (*open)(const struct sk_config *c, void **ret, char *err, size_t n);
	/* Write one alert: LINE of N bytes without end of line, NUL-terminated. 0 or a negative errno; *LOST grows by the alerts that are lost by it, which may be
	 * earlier ones that were held back. */
	int (*write)(void *self, enum sk_priority priority, const char *line, size_t n, uint64_t *lost);
	/* Write what is held back; may be NULL. */
	int (*flush)(void *self, uint64_t *lost);
	/* Open files again (log rotation), after a flush; may be NULL. */
	int (*reopen)(void *self);
	/* Release, after a flush. */
	void (*close)(void *self);
};

struct sk_outputs;

/* Open all enabled channels. 0, or a negative errno with "name: reason" in ERR; nothing stays open then. */
int sk_outputs_open(const struct sk_config *c, struct sk_outputs **ret, char *err, size_t n);
/* Write an alert to all; a channel that fails is logged once and the others go on. */
void sk_outputs_write(struct sk_outputs *o, enum sk_priority priority, const char *line, size_t n);
/* Write what buffered outputs hold back. */
void sk_outputs_flush(struct sk_outputs *o);
void sk_outputs_reopen(struct sk_outputs *o);
/* Alerts that a channel failed to take. */
uint64_t sk_outputs_lost(const struct sk_outputs *o);
void sk_outputs_close(struct sk_outputs *o);

#endif
