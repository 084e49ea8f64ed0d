/* Writing captures that this program and others of the field can read. */
#ifndef SK_SCAP_WRITER_H
#define SK_SCAP_WRITER_H

#include "probe/scap/scap.h"

struct sk_scap_writer;

/* Create PATH ("-" is standard output), compressed if GZIP. 0, or a negative errno with *RETERR filled in. */
int sk_scap_writer_open(const char *path, bool gzip, struct sk_scap_writer **ret, struct sk_scap_error *reterr);
/* The way to write lists: section, then the lists in any order, then lists_done. Give the sink to a reader to copy a capture, or call
 * its members. A writer may hold several sections. Errors show in the calls below. */
void sk_scap_writer_sink(struct sk_scap_writer *w, struct sk_list_sink *ret);
/* Append an event; lists_done comes before the first. 0; -EMSGSIZE if it has a parameter that its type cannot hold (nothing is
 * written, go on); another negative errno: the file is of no more use. */
int sk_scap_write_event(struct sk_scap_writer *w, const struct sk_event *ev);
/* Write what is held back. 0 or the first error since the file was opened, as a negative errno. */
int sk_scap_writer_flush(struct sk_scap_writer *w);
/* Flush, close and free. W may be NULL. */
int sk_scap_writer_close(struct sk_scap_writer *w);

#endif
