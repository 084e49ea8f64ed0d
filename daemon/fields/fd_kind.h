/* What the type of a descriptor is called. */
#ifndef SK_FIELDS_FD_KIND_H
#define SK_FIELDS_FD_KIND_H

#include "daemon/state/state.h"

enum sk_fd_class { SK_FD_CLASS_OTHER, SK_FD_CLASS_FILE, SK_FD_CLASS_NET, SK_FD_CLASS_IPC };

struct sk_fd_kind {
	char letter;      /* fd.typechar; 'o' for types without one */
	const char *name; /* fd.type; "<NA>" for types without one */
	enum sk_fd_class cls;
};

/* Kind of a descriptor type (enum sk_fd_type); never NULL. */
const struct sk_fd_kind *sk_fd_kind(uint8_t type);

static inline bool
sk_fd_is_file(const struct sk_fd *fd)
{
	return sk_fd_kind(fd->type)->cls == SK_FD_CLASS_FILE;
}

static inline bool
sk_fd_is_ip(const struct sk_fd *fd)
{
	return sk_fd_kind(fd->type)->cls == SK_FD_CLASS_NET;
}

#endif
