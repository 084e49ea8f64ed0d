/* What container runtimes wrote to disk of a container before they started it: docs/containers.md says which file gives which fact. Reads files only, blocks on
 * nothing but the disk, and trusts nothing that it reads: containers, and users with engines of their own, choose much of it. */
#ifndef SK_RUNTIME_H
#define SK_RUNTIME_H

#include "base/buf.h"
#include "daemon/state/containers.h"

struct sk_runtime;

/* Engines that are asked. */
enum sk_runtime_engine { SK_ENGINE_DOCKER = 1, SK_ENGINE_PODMAN = 2, SK_ENGINE_CONTAINERD = 4, SK_ENGINE_CRIO = 8, SK_ENGINE_LXC = 16, SK_ENGINE_LIBVIRT = 32,
			 SK_ENGINE_BPM = 64, SK_ENGINE_OCI = 128, SK_ENGINE_ALL = 255 };

struct sk_runtime_opts {
	size_t sz;             /* sizeof(struct sk_runtime_opts) */
	const char *host_root; /* the host's root directory as this process sees it; NULL or "": its own */
	uint32_t engines;      /* SK_ENGINE_*, or-ed */
};

/* 0 or a negative errno (the root directory cannot be opened). */
int sk_runtime_new(const struct sk_runtime_opts *opts, struct sk_runtime **ret);
void sk_runtime_free(struct sk_runtime *r);
/* Look for the container that REF names, and put what is known of it into OUT as the text of a container event (NUL included), in place of what was there. 0;
 * -ENOENT when no engine knows it (yet); -ENOMEM. */
int sk_runtime_find(struct sk_runtime *r, const struct sk_container_ref *ref, struct sk_buf *out);
/* The sandbox of the pod that the container found last is in; false when it is in none, or is the sandbox. REF is that container's; slices of *RET live until the next
 * sk_runtime_find(). */
bool sk_runtime_sandbox(const struct sk_runtime *r, const struct sk_container_ref *ref, struct sk_container_ref *ret);
/* Does containerd have a name space of that name? A cgroup of two levels looks the same. */
bool sk_runtime_has_namespace(const struct sk_runtime *r, struct sk_slice ns);

#endif
