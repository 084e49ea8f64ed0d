/* What is known of a container beyond its id: from the JSON that container events carry. */
#ifndef SK_CONTAINERS_H
#define SK_CONTAINERS_H

#include "base/slice.h"

struct sk_mount {
	struct sk_slice source, dest, mode, propagation;
	bool rdwr;
};

struct sk_label {
	struct sk_slice key, value;
};

enum sk_probe_kind { SK_PROBE_HEALTHCHECK, SK_PROBE_LIVENESS, SK_PROBE_READINESS, SK_PROBE_KINDS };

/* A command that the runtime starts in the container from time to time. */
struct sk_probe {
	bool present;
	struct sk_slice exe;
	struct sk_slice *args;
	size_t nargs;
};

/* Numbers of container types in the JSON. */
enum sk_container_type {
#define SK_CONTAINER_TYPE(sym, number, name) SK_CT_##sym = (number),
#include <saker/container_types.def>
#undef SK_CONTAINER_TYPE
};

/* All slices are NUL-terminated, never NULL, and live as long as the container; an unknown text is empty. Lists are in the order
 * of the JSON
 * but labels, which are sorted by key. */
struct sk_container {
	struct sk_slice id, full_id, name, image, image_id, image_repo, image_tag, image_digest, user, ip, cni_json, pod_sandbox_id;
	uint32_t type; /* enum sk_container_type */
	bool privileged, host_pid, host_network, host_ipc, is_pod_sandbox;
	int64_t created_time; /* s since the epoch; 0 unknown */
	struct sk_mount *mounts;
	struct sk_label *labels, *pod_labels;
	struct sk_slice *env;
	size_t nmounts, nlabels, npod_labels, nenv;
	struct sk_probe probes[SK_PROBE_KINDS];
	struct sk_arena *arena; /* everything above is in it */
	struct sk_container *hash_next;
	uint64_t used_ts; /* live: when a process of it was last seen */
};

/* What a process's cgroup path says of its container. */
enum sk_container_ref_kind {
	SK_REF_NONE,
	SK_REF_ID,      /* 64 digits, of any engine */
	SK_REF_DOCKER,
	SK_REF_PODMAN,
	SK_REF_CRIO,
	SK_REF_CRI,     /* containerd for Kubernetes */
	SK_REF_NERDCTL,
	SK_REF_NAMED,   /* containerd: a name in a name space */
	SK_REF_LXC,
	SK_REF_LIBVIRT,
	SK_REF_BPM,
	SK_REF_MAYBE    /* the last directory's name, which is a container only if a runtime says so */
};

struct sk_container_ref {
	enum sk_container_ref_kind kind;
	struct sk_slice full; /* its whole id or name */
	struct sk_slice ns;   /* of SK_REF_NAMED */
	uint32_t uid;         /* whose slice the cgroup is in; UINT32_MAX: nobody's */
};

/* What the first of CGROUPS (elements "subsys=/path", NUL after each) that says anything says; slices point into CGROUPS. False (SK_REF_NONE) when there are none. */
bool sk_container_ref_of(struct sk_slice cgroups, struct sk_container_ref *ret);
/* How users write the id: 12 digits, or a whole name. Empty for what is no container by its path alone. */
struct sk_slice sk_container_ref_id(const struct sk_container_ref *ref);

/* "docker", "podman" ...; empty for numbers without a name. */
const char *sk_container_type_name(uint32_t type);
/* Value of a label; false if there is none of that key. */
bool sk_labels_find(const struct sk_label *labels, size_t n, struct sk_slice key, struct sk_slice *ret_value);
/* The command line of a probe: exe and arguments joined by blanks, appended to OUT. */
struct sk_buf;
void sk_probe_text(struct sk_buf *out, const struct sk_probe *p);

#endif
