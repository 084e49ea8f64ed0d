/* The object of a container event, member by member, each text and list bounded. */
#include "daemon/runtime/internal.h"

#include <errno.h>
#include <string.h>
#include <time.h>

json_t *
sk_facts_new(void)
{
	return json_pack("{s:[], s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:[], s:s, s:b, s:b, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:{}, s:i, s:s, s:s, s:n, s:[], s:b, s:i, s:i, s:i}",
			 "Mounts", "User", "", "cni_json", "", "cpu_period", 100000, "cpu_quota", 0, "cpu_shares", 1024, "cpuset_cpu_count", 0, "created_time", 0, "env",
			 "full_id", "", "host_ipc", 0, "host_network", 0, "host_pid", 0, "id", "", "image", "", "imagedigest", "", "imageid", "", "imagerepo", "", "imagetag", "",
			 "ip", "", "is_pod_sandbox", 0, "labels", "memory_limit", 0, "name", "", "pod_sandbox_id", "", "pod_sandbox_labels", "port_mappings", "privileged", 0,
			 "size", -1, "swap_limit", 0, "type", (int)SK_CT_UNKNOWN);
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */
struct sk_slice
sk_json_slice(const json_t *v)
{
	return json_is_string(v) ? sk_slice(json_string_value(v), json_string_length(v)) : SK_SLICE("");
}

struct sk_slice
sk_json_text(const json_t *o, const char *key)
{
	return sk_json_slice(json_object_get(o, key));
}

/* --- texts ----------------------------------------------------------------------------------------------------------------- */
/* Cut between characters, and at a NUL; NULL when it is no UTF-8. */
static json_t *
text(struct sk_slice s)
{
	s.n = strnlen(s.p, s.n);
	size_t n = s.n < SK_MAX_RUNTIME_TEXT ? s.n : SK_MAX_RUNTIME_TEXT;

	while (n < s.n && n && ((uint8_t)s.p[n] & 0xc0) == 0x80)
		n--;
	return json_stringn(s.p, n);
}

void
sk_facts_text(json_t *o, const char *key, struct sk_slice s)
{
	json_t *v = text(s);

	if (v)
		(void)json_object_set_new(o, key, v);
}

void
sk_facts_copy(json_t *o, const char *key, const json_t *from, const char *from_key)
{
	struct sk_slice s = sk_json_text(from, from_key);

	if (s.n)
		sk_facts_text(o, key, s);
}

void
sk_facts_bool(json_t *o, const char *key, bool v)
{
	(void)json_object_set_new(o, key, json_boolean(v));
}

void
sk_facts_int(json_t *o, const char *key, const json_t *v)
{
	if (json_is_integer(v))
		(void)json_object_set_new(o, key, json_integer(json_integer_value(v)));
}

/* --- lists ----------------------------------------------------------------------------------------------------------------- */
void
sk_facts_label(json_t *o, const char *key, struct sk_slice name, struct sk_slice value)
{
	json_t *labels = json_object_get(o, key), *v = name.n && name.n <= SK_MAX_RUNTIME_TEXT ? text(value) : NULL;

	if (!json_is_object(labels) && v) {
		labels = json_object();
		(void)json_object_set_new(o, key, labels);
	}
	if (!v || json_object_size(labels) >= SK_MAX_RUNTIME_ITEMS) {
		json_decref(v);
		return;
	}
	/* The library of Debian 12 wants keys that end. */
	char *ended = strndup(name.p, name.n);
	if (ended)
		(void)json_object_set(labels, ended, v);
	json_decref(v);
	free(ended);
}

void
sk_facts_labels(json_t *o, const char *key, const json_t *labels)
{
	for (void *it = json_object_iter((json_t *)(uintptr_t)labels); it; it = json_object_iter_next((json_t *)(uintptr_t)labels, it))
		if (json_is_string(json_object_iter_value(it)))
			sk_facts_label(o, key, sk_slice_cstr(json_object_iter_key(it)), sk_json_slice(json_object_iter_value(it)));
}

void
sk_facts_texts(json_t *o, const char *key, const json_t *list)
{
	json_t *v = json_array();

	for (size_t i = 0; v && i < json_array_size(list) && json_array_size(v) < SK_MAX_RUNTIME_ITEMS; i++) {
		json_t *t = json_is_string(json_array_get(list, i)) ? text(sk_json_slice(json_array_get(list, i))) : NULL;

		if (t)
			(void)json_array_append_new(v, t);
	}
	if (v)
		(void)json_object_set_new(o, key, v);
}

void
sk_facts_mount(json_t *o, struct sk_slice source, struct sk_slice dest, struct sk_slice mode, bool rw, struct sk_slice propagation)
{
	json_t *mounts = json_object_get(o, "Mounts"), *m = json_array_size(mounts) < SK_MAX_RUNTIME_ITEMS ? json_object() : NULL;

	if (!m)
		return;
	(void)json_object_set_new(m, "Source", json_string(""));
	sk_facts_text(m, "Source", source);
	sk_facts_text(m, "Destination", dest);
	sk_facts_text(m, "Mode", mode);
	sk_facts_bool(m, "RW", rw);
	sk_facts_text(m, "Propagation", propagation);
	(void)json_array_append_new(mounts, m);
}

/* --- images ---------------------------------------------------------------------------------------------------------------- */
void
sk_facts_image(json_t *o, struct sk_slice ref)
{
	const char *at = ref.n ? memchr(ref.p, '@', ref.n) : NULL;
	struct sk_slice name = at ? sk_slice(ref.p, (size_t)(at - ref.p)) : ref;
	const char *slash = name.n ? memrchr(name.p, '/', name.n) : NULL;
	size_t from = slash ? (size_t)(slash - name.p) : 0;
	const char *colon = name.n ? memchr(name.p + from, ':', name.n - from) : NULL;
	size_t repo = colon ? (size_t)(colon - name.p) : name.n;

	sk_facts_text(o, "image", ref);
	sk_facts_text(o, "imagerepo", sk_slice(name.p, repo));
	sk_facts_text(o, "imagetag", colon ? sk_slice(colon + 1, name.n - repo - 1) : SK_SLICE(""));
	if (at)
		sk_facts_text(o, "imagedigest", sk_slice(at + 1, ref.n - name.n - 1));
}

void
sk_facts_image_id(json_t *o, struct sk_slice id)
{
	static const struct sk_slice algorithm = { "sha256:", 7 };

	if (sk_slice_starts(id, algorithm))
		id = sk_slice(id.p + algorithm.n, id.n - algorithm.n);
	sk_facts_text(o, "imageid", id);
}

/* --- the rest -------------------------------------------------------------------------------------------------------------- */
void
sk_facts_created(json_t *o, const json_t *v)
{
	struct tm tm = { 0 };
	const char *s = json_string_value(v);
	const char *rest = s ? strptime(s, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
	long offset = 0;

	if (!rest)
		return;
	rest += *rest == '.' ? 1 + strspn(rest + 1, "0123456789") : 0;
	if (*rest == '+' || *rest == '-') {
		int h = 0, m = 0;
		if (sscanf(rest + 1, "%2d:%2d", &h, &m) == 2)
			offset = (*rest == '-' ? -1 : 1) * (h * 3600L + m * 60L);
	}
	(void)json_object_set_new(o, "created_time", json_integer(timegm(&tm) - offset));
}

void
sk_facts_healthcheck(json_t *o, const json_t *test, const char *shell)
{
	struct sk_slice kind = sk_json_slice(json_array_get(test, 0)), first = sk_json_slice(json_array_get(test, 1));
	bool by_shell = sk_slice_is(kind, "CMD-SHELL");
	json_t *list, *check;

	if (!first.n || (!by_shell && !sk_slice_is(kind, "CMD")))
		return;
	list = json_array();
	if (by_shell) {
		(void)json_array_append_new(list, json_string("-c"));
		(void)json_array_append(list, json_array_get(test, 1));
	}
	for (size_t i = 2; !by_shell && i < json_array_size(test); i++)
		(void)json_array_append(list, json_array_get(test, i));
	check = json_object();
	sk_facts_text(check, "exe", by_shell ? sk_slice_cstr(shell) : first);
	sk_facts_texts(check, "args", list);
	json_decref(list);
	(void)json_object_set_new(o, "Healthcheck", check);
}
