/* Entries of lists as captures of today hold them; each is appended to B. Text that readers would refuse for its length is cut. */
#ifndef SK_SCAP_ENCODE_H
#define SK_SCAP_ENCODE_H

#include "base/buf.h"

#include <saker/lists.h>

/* What a machine and an interface have beside what sk_list_sink's main members say. */
struct sk_scap_more {
	uint64_t memory_bytes, max_pid, link_speed;
};

void sk_scap_put_machine(struct sk_buf *b, uint32_t ncpus, uint64_t boot_ts, struct sk_slice hostname, const struct sk_scap_more *more);
void sk_scap_put_thread(struct sk_buf *b, const struct sk_thread_entry *t);
void sk_scap_put_fd(struct sk_buf *b, const struct sk_fd_entry *fd);
/* N bytes an address: 4 or 16. */
void sk_scap_put_iface(struct sk_buf *b, size_t n, const uint8_t *addr, const uint8_t *mask, const uint8_t *bcast, struct sk_slice name,
		       const struct sk_scap_more *more);
void sk_scap_put_user(struct sk_buf *b, uint32_t uid, uint32_t gid, struct sk_slice name, struct sk_slice home, struct sk_slice shell);
void sk_scap_put_group(struct sk_buf *b, uint32_t gid, struct sk_slice name);

#endif
