/* Containers: reading their JSON, finding them, recognising their health checks. */
#include "daemon/state/internal.h"
#include "base/arena.h"
#include "base/buf.h"

#include <jansson.h>

#define FIRST_BUCKETS 64u
/* One container's facts, generous: the JSON itself is at most one event. */
#define MAX_CONTAINER_MEMORY ((size_t)SK_MAX_EVENT * 4)
#define MIN_CONTAINER_MEMORY ((size_t)16 << 10)

/* --- reading ---------------------------------------------------------------------------------------------------------- */
static struct sk_slice
text_of(struct sk_container *c, const json_t *v)
{
	struct sk_slice s = SK_SLICE("");

	if (json_is_string(v))
		s = sk_arena_dup(c->arena, sk_slice(json_string_value(v), json_string_length(v)));
	return s.p ? s : SK_SLICE("");
}

static struct sk_slice
text(struct sk_container *c, const json_t *o, const char *key)
{
	return text_of(c, json_object_get(o, key));
}

static bool
truth(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

/* An array of strings. */
static struct sk_slice *
texts(struct sk_container *c, const json_t *array, size_t *ret_n)
{
	size_t n = json_array_size(array);
	struct sk_slice *v = n ? SK_NEW_ARRAY(c->arena, n, struct sk_slice) : NULL;

	*ret_n = 0;
	for (size_t i = 0; v && i < n; i++)
		v[(*ret_n)++] = text_of(c, json_array_get(array, i));
	return v;
}

static int
by_key(const void *a, const void *b)
{
	return sk_slice_cmp(((const struct sk_label *)a)->key, ((const struct sk_label *)b)->key);
}

static struct sk_label *
labels(struct sk_container *c, json_t *o, size_t *ret_n)
{
	size_t n = json_object_size(o);
	struct sk_label *v = n ? SK_NEW_ARRAY(c->arena, n, struct sk_label) : NULL;
	const char *key;
	json_t *value;

	*ret_n = 0;
	if (!v)
		return NULL;
	json_object_foreach(o, key, value)
	{
		struct sk_slice k = sk_arena_dup(c->arena, sk_slice_cstr(key));

		if (k.p)
			v[(*ret_n)++] = (struct sk_label){k, text_of(c, value)};
	}
	qsort(v, *ret_n, sizeof(*v), by_key);
	return v;
}

static void
mounts(struct sk_container *c, const json_t *array)
{
	size_t n = json_array_size(array);

	c->mounts = n ? SK_NEW_ARRAY(c->arena, n, struct sk_mount) : NULL;
	for (size_t i = 0; c->mounts && i < n; i++) {
		const json_t *m = json_array_get(array, i);

		c->mounts[c->nmounts++] = (struct sk_mount){
		    .source = text(c, m, "Source"),
		    .dest = text(c, m, "Destination"),
		    .mode = text(c, m, "Mode"),
		    .propagation = text(c, m, "Propagation"),
		    .rdwr = truth(m, "RW"),
		};
	}
}

static void
probes(struct sk_container *c, const json_t *o)
{
	static const char *const names[SK_PROBE_KINDS] = {[SK_PROBE_HEALTHCHECK] = "Healthcheck",
							  [SK_PROBE_LIVENESS] = "LivenessProbe",
							  [SK_PROBE_READINESS] = "ReadinessProbe"};

	for (unsigned i = 0; i < SK_PROBE_KINDS; i++) {
		const json_t *p = json_object_get(o, names[i]);
		struct sk_probe *probe = &c->probes[i];

		probe->present = json_is_object(p);
		probe->exe = text(c, p, "exe");
		probe->args = texts(c, json_object_get(p, "args"), &probe->nargs);
	}
}

static void
read_facts(struct sk_container *c, const json_t *o)
{
	const json_t *type = json_object_get(o, "type");

	c->id = text(c, o, "id");
	c->full_id = text(c, o, "full_id");
	c->name = text(c, o, "name");
	c->image = text(c, o, "image");
	c->image_id = text(c, o, "imageid");
	c->image_repo = text(c, o, "imagerepo");
	c->image_tag = text(c, o, "imagetag");
	c->image_digest = text(c, o, "imagedigest");
	c->user = text(c, o, "User");
	c->ip = text(c, o, "ip");
	c->cni_json = text(c, o, "cni_json");
	c->pod_sandbox_id = text(c, o, "pod_sandbox_id");
	c->type = json_is_integer(type) ? (uint32_t)json_integer_value(type) : SK_CT_UNKNOWN;
	c->privileged = truth(o, "privileged");
	c->host_pid = truth(o, "host_pid");
	c->host_network = truth(o, "host_network");
	c->host_ipc = truth(o, "host_ipc");
	c->is_pod_sandbox = truth(o, "is_pod_sandbox");
	c->created_time = json_integer_value(json_object_get(o, "created_time"));
	c->labels = labels(c, json_object_get(o, "labels"), &c->nlabels);
	c->pod_labels = labels(c, json_object_get(o, "pod_sandbox_labels"), &c->npod_labels);
	c->env = texts(c, json_object_get(o, "env"), &c->nenv);
	mounts(c, json_object_get(o, "Mounts"));
	probes(c, o);
}

static struct sk_container *
new_container(void)
{
	struct sk_arena *arena = sk_arena_new(MAX_CONTAINER_MEMORY);
	struct sk_container *c = arena ? SK_NEW(arena, struct sk_container) : NULL;

	if (!c) {
		sk_arena_free(arena);
		return NULL;
	}
	c->arena = arena;
	return c;
}

static void
free_container(struct sk_container *c)
{
	if (c)
		sk_arena_free(c->arena);
}

/* NULL (and counted) when the text is no description of a container. */
static struct sk_container *
parse(struct sk_state *s, struct sk_slice json)
{
	json_error_t error;
	json_t *root = json_loadb(json.p, strnlen(json.p, json.n), 0, &error);
	const json_t *o = json_object_get(root, "container");
	struct sk_container *c = json_is_object(o) ? new_container() : NULL;

	if (c)
		read_facts(c, o);
	json_decref(root);
	if (!c || !c->id.n || sk_arena_failed(c->arena)) {
		s->stats.container_json_errors++;
		free_container(c);
		return NULL;
	}
	return c;
}

/* --- the table -------------------------------------------------------------------------------------------------------- */
static size_t
slot_of(const struct sk_state *s, struct sk_slice id)
{
	return sk_hash_u64(sk_hash_bytes(id.p, id.n) ^ s->seed) & s->containers_mask;
}

static struct sk_container **
find(const struct sk_state *s, struct sk_slice id)
{
	struct sk_container **p = &s->containers[slot_of(s, id)];

	while (*p && !sk_slice_eq((*p)->id, id))
		p = &(*p)->hash_next;
	return p;
}

const struct sk_container *
sk_state_container(const struct sk_state *s, struct sk_slice id)
{
	if (!id.n)
		return s->host;
	return s->containers ? *find(s, id) : NULL;
}

struct sk_container *
sk_container_edit(struct sk_state *s, struct sk_slice id)
{
	return s->containers ? *find(s, id) : NULL;
}

static bool
grow(struct sk_state *s)
{
	size_t n = s->containers ? (s->containers_mask + 1) * 2 : FIRST_BUCKETS, old = s->containers ? s->containers_mask + 1 : 0;
	struct sk_container **buckets = calloc(n, sizeof(*buckets)), **before = s->containers;

	if (!buckets)
		return before != NULL;
	s->containers = buckets;
	s->containers_mask = n - 1;
	for (size_t i = 0; i < old; i++)
		for (struct sk_container *c = before[i], *next; c; c = next) {
			size_t slot = slot_of(s, c->id);

			next = c->hash_next;
			c->hash_next = buckets[slot];
			buckets[slot] = c;
		}
	free(before);
	return true;
}

/* An arena takes this much at least. */
static size_t
memory_of(const struct sk_container *c)
{
	size_t used = sk_arena_used(c->arena);

	return used > MIN_CONTAINER_MEMORY ? used : MIN_CONTAINER_MEMORY;
}

static bool
full(const struct sk_state *s, const struct sk_container *c)
{
	return s->ncontainers >= SK_MAX_CONTAINERS || memory_of(c) > SK_MAX_CONTAINERS_MEMORY - s->containers_memory;
}

static void
remove_container(struct sk_state *s, struct sk_slice id)
{
	struct sk_container **p = s->containers ? find(s, id) : NULL, *c = p ? *p : NULL;

	if (!c)
		return;
	*p = c->hash_next;
	sk_cgroups_changed(s, NULL);
	s->ncontainers--;
	s->containers_memory -= memory_of(c);
	free_container(c);
}

static void
add(struct sk_state *s, struct sk_container *c)
{
	remove_container(s, c->id);
	if (full(s, c) || ((!s->containers || s->ncontainers > s->containers_mask) && !grow(s))) {
		s->stats.containers_refused++;
		free_container(c);
		return;
	}
	struct sk_container **p = find(s, c->id);
	c->hash_next = *p;
	*p = c;
	s->ncontainers++;
	s->containers_memory += memory_of(c);
	sk_cgroups_changed(s, c);
}

int
sk_containers_init(struct sk_state *s)
{
	struct sk_slice empty = SK_SLICE(""), host = SK_SLICE("host");
	struct sk_container *c = new_container();

	if (!c)
		return -1;
	c->id = c->full_id = c->name = host;
	c->image = c->image_id = c->image_repo = c->image_tag = c->image_digest = c->user = c->ip = empty;
	c->cni_json = c->pod_sandbox_id = empty;
	for (unsigned i = 0; i < SK_PROBE_KINDS; i++)
		c->probes[i].exe = empty;
	c->type = SK_CT_HOST;
	s->host = c;
	return 0;
}

void
sk_container_forget_removed(struct sk_state *s)
{
	free_container(s->removed);
	s->removed = NULL;
}

void
sk_containers_clear(struct sk_state *s)
{
	for (size_t i = 0; s->containers && i <= s->containers_mask; i++)
		for (struct sk_container *c = s->containers[i], *next; c; c = next) {
			next = c->hash_next;
			free_container(c);
		}
	free(s->containers);
	s->containers = NULL;
	s->containers_mask = s->ncontainers = s->containers_memory = 0;
	sk_container_forget_removed(s);
	free_container(s->host);
	s->host = NULL;
}

/* --- events ----------------------------------------------------------------------------------------------------------- */
static void
on_json(struct sk_state *s, struct sk_slice json, struct sk_event_ctx *x, bool added)
{
	struct sk_container *c = json.n ? parse(s, json) : NULL;

	if (!c)
		return;
	x->container = c;
	c->used_ts = x->ev->ts;
	if (added) {
		struct sk_slice id = c->id;

		add(s, c);
		x->container = s->containers ? *find(s, id) : NULL;
		return;
	}
	/* The fields of this event still describe it. */
	remove_container(s, c->id);
	free_container(s->removed);
	s->removed = c;
	s->leftovers = true;
}

void
sk_on_async(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	struct sk_slice name = sk_ev_text(ev, 1);
	bool added = sk_slice_is(name, "container");

	if (added || sk_slice_is(name, "container_removed"))
		on_json(s, sk_ev_slice(ev, 2), x, added);
}

void
sk_on_container_json(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	on_json(s, sk_ev_slice(ev, 0), x, true);
	/* Old captures begin with what ran before them, at time 0: that did not happen while recording. */
	if (!ev->ts)
		x->deliver = false;
}

/* --- health checks ---------------------------------------------------------------------------------------------------- */
/* Is it the probe's command? Empty arguments do not count. */
static bool
runs_probe(const struct sk_thread *t, const struct sk_probe *p)
{
	struct sk_slice args = sk_str_slice(t->args);
	size_t k = 0;

	if (!p->present || !sk_slice_eq(sk_str_slice(t->exe), p->exe))
		return false;
	for (size_t i = 0; i < args.n;) {
		struct sk_slice arg = sk_slice_cstr(args.p + i);

		i += arg.n + 1;
		if (arg.n && (k >= p->nargs || !sk_slice_eq(arg, p->args[k++])))
			return false;
	}
	return k == p->nargs;
}

/* Probes are started by the runtime, not by the container's own first process. */
static bool
below_init(const struct sk_thread *t)
{
	for (const struct sk_thread *a = t->parent; a; a = a->parent)
		if (a->vpid == 1 && a->container_id->n)
			return true;
	return false;
}

void
sk_container_categorise(struct sk_state *s, struct sk_thread *t)
{
	static const uint16_t category[SK_PROBE_KINDS] = {[SK_PROBE_HEALTHCHECK] = SK_CATEGORY_HEALTHCHECK,
							  [SK_PROBE_LIVENESS] = SK_CATEGORY_LIVENESS_PROBE,
							  [SK_PROBE_READINESS] = SK_CATEGORY_READINESS_PROBE};
	const struct sk_container *c;

	if (!t->container_id->n || !(c = sk_state_container(s, sk_str_slice(t->container_id))))
		return;
	if (t->vpid == 1) {
		t->category = SK_CATEGORY_CONTAINER;
		return;
	}
	if (t->parent && t->parent->category != SK_CATEGORY_NONE) {
		t->category = t->parent->category;
		return;
	}
	for (unsigned i = 0; i < SK_PROBE_KINDS; i++)
		if (runs_probe(t, &c->probes[i])) {
			if (!below_init(t))
				t->category = category[i];
			return;
		}
}

/* --- for fields ------------------------------------------------------------------------------------------------------- */
const char *
sk_container_type_name(uint32_t type)
{
	switch (type) {
#define SK_CONTAINER_TYPE(sym, number, name)                                                                                 \
	case SK_CT_##sym:                                                                                                    \
		return name;
#include <saker/container_types.def>
#undef SK_CONTAINER_TYPE
	default:
		return "";
	}
}

bool
sk_labels_find(const struct sk_label *list, size_t n, struct sk_slice key, struct sk_slice *ret_value)
{
	const struct sk_label wanted = {.key = key};
	const struct sk_label *l = n ? bsearch(&wanted, list, n, sizeof(*list), by_key) : NULL;

	if (l)
		*ret_value = l->value;
	return l != NULL;
}

void
sk_probe_text(struct sk_buf *out, const struct sk_probe *p)
{
	sk_buf_slice(out, p->exe);
	for (size_t i = 0; i < p->nargs; i++) {
		sk_buf_char(out, ' ');
		sk_buf_slice(out, p->args[i]);
	}
}
