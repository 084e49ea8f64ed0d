/* Bodies of the blocks that describe a machine before its first event. Each function hands the entries of one body to a sink; false
 * with a constant text in *RET_WHY where the body is damaged; entries before the damage have been handed on. */
#ifndef SK_SCAP_LISTS_H
#define SK_SCAP_LISTS_H

#include "base/bytes.h"

#include <saker/lists.h>

/* A list ends where fewer bytes than this are left: they are padding. */
#define SK_LIST_PADDING 4u

bool sk_scap_machine(struct sk_reader body, const struct sk_list_sink *sink, const char **ret_why);
bool sk_scap_procs(struct sk_reader body, uint32_t version, const struct sk_list_sink *sink, const char **ret_why);
bool sk_scap_fds(struct sk_reader body, uint32_t version, const struct sk_list_sink *sink, const char **ret_why);
bool sk_scap_ifaces(struct sk_reader body, uint32_t version, const struct sk_list_sink *sink, const char **ret_why);
bool sk_scap_users(struct sk_reader body, uint32_t version, const struct sk_list_sink *sink, const char **ret_why);

/* Take an entry that begins with its length out of R, the cursor of which moves behind it: the inside without the length. The length
 * counts itself where INCLUSIVE. A reader with `bad` set where the entry does not fit. */
struct sk_reader sk_list_entry(struct sk_reader *r, bool inclusive);

#endif
