/* What the files of this folder share. Nobody else includes it. */
#ifndef SK_RUNTIME_INTERNAL_H
#define SK_RUNTIME_INTERNAL_H

#include "daemon/runtime/bolt.h"
#include "daemon/runtime/runtime.h"

#include <jansson.h>
#include <saker/limits.h>
#include <sys/stat.h>

/* A JSON file that is read again only when it has changed. */
struct sk_kept_json {
	char *path;
	struct stat st;
	json_t *json; /* owned */
};

#define SK_FULL_ID 64u

struct sk_runtime {
	int root;      /* directory that stands for / */
	bool own_root; /* it is / */
	uint32_t engines;
	struct sk_kept_json images;
	struct sk_buf scratch;
	char sandbox[SK_FULL_ID + 1]; /* of the container found last; "" none */
};

/* --- files.c: inside the host's root, whatever links say ------------------------------------------------------------------- */
/* A regular file; negative errno. */
int sk_host_open(const struct sk_runtime *r, const char *path);
/* The whole file (at most SK_MAX_RUNTIME_FILE) into OUT in place of what it held. */
int sk_host_read(const struct sk_runtime *r, const char *path, struct sk_buf *out);
/* The object in the file; NULL when there is none. The caller owns it. */
json_t *sk_host_json(struct sk_runtime *r, const char *path);
/* The same for a file that stays, KEPT's or the one that it keeps from now on: borrowed until the next call with it. NULL as above. */
const json_t *sk_host_json_kept(struct sk_runtime *r, struct sk_kept_json *kept, const char *path);
void sk_kept_json_drop(struct sk_kept_json *kept);
bool sk_host_is_dir(const struct sk_runtime *r, const char *path);
/* Call FN with the names in a directory until it returns true, at most SK_MAX_RUNTIME_DIR of them. True if it did. */
bool sk_host_each(const struct sk_runtime *r, const char *path, bool (*fn)(void *arg, const char *name), void *arg);
/* PATH is snprintf()ed. False when it does not fit into OUT of N bytes. */
bool sk_host_path(char *out, size_t n, const char *fmt, ...) SK_PRINTF(3, 4);
/* May S be one component of a path? */
bool sk_is_component(struct sk_slice s);

/* --- facts.c: the object of a container event ------------------------------------------------------------------------------ */
/* All members, with what an event says where nothing is known. NULL when out of memory. */
json_t *sk_facts_new(void);
/* Texts are cut at SK_MAX_RUNTIME_TEXT; what is no text (or no UTF-8) changes nothing. */
void sk_facts_text(json_t *o, const char *key, struct sk_slice s);
void sk_facts_copy(json_t *o, const char *key, const json_t *from, const char *from_key);
void sk_facts_bool(json_t *o, const char *key, bool v);
void sk_facts_int(json_t *o, const char *key, const json_t *v);
/* Labels of an object of texts, added to the object KEY of O. */
void sk_facts_labels(json_t *o, const char *key, const json_t *labels);
void sk_facts_label(json_t *o, const char *key, struct sk_slice name, struct sk_slice value);
/* A list of texts. */
void sk_facts_texts(json_t *o, const char *key, const json_t *list);
void sk_facts_mount(json_t *o, struct sk_slice source, struct sk_slice dest, struct sk_slice mode, bool rw, struct sk_slice propagation);
/* image, imagerepo, imagetag and, where it has one, imagedigest from a reference. */
void sk_facts_image(json_t *o, struct sk_slice reference);
/* imageid: digits, "sha256:" left out. */
void sk_facts_image_id(json_t *o, struct sk_slice id);
/* created_time from RFC 3339. */
void sk_facts_created(json_t *o, const json_t *text);
/* Healthcheck as docker and podman configure one: ["CMD", exe, args...] or ["CMD-SHELL", text] with SHELL. */
void sk_facts_healthcheck(json_t *o, const json_t *test, const char *shell);
/* Text of a member; empty when it has none. */
struct sk_slice sk_json_text(const json_t *o, const char *key);
struct sk_slice sk_json_slice(const json_t *v);

/* --- oci.c ----------------------------------------------------------------------------------------------------------------- */
/* What the runtime specification (config.json) says. Mounts of files that the engine made for the container (their path has OWN in it, if OWN is not empty) are left out. */
void sk_oci_facts(json_t *o, const json_t *spec, struct sk_slice own);
/* Annotations of Kubernetes runtimes: names, pod, sandbox, image. True if they say that Kubernetes runs it. */
bool sk_cri_facts(json_t *o, const json_t *annotations);
/* The network of the sandbox ID, from what network plugins left: ip, cni_json. */
void sk_cni_facts(struct sk_runtime *r, json_t *o, const char *id);

/* --- engines: fill O in; false when the container is none of theirs -------------------------------------------------------- */
typedef bool sk_engine_fn(struct sk_runtime *r, const struct sk_container_ref *ref, json_t *o);
sk_engine_fn sk_find_docker, sk_find_podman, sk_find_crio, sk_find_containerd, sk_find_oci, sk_find_name;
bool sk_containerd_has_namespace(const struct sk_runtime *r, struct sk_slice ns);

#endif
