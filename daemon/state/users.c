/* Users and groups: of the host and of containers. */
#include "daemon/state/internal.h"

#define FIRST_BUCKETS 256u

static size_t
slot_of(const struct sk_state *s, struct sk_slice container_id, bool is_group, uint32_t id)
{
	uint64_t key = (uint64_t)id << 1 | is_group;

	if (container_id.n)
		key ^= sk_hash_bytes(container_id.p, container_id.n);
	return sk_hash_u64(key ^ s->seed) & s->users_mask;
}

static struct sk_user_node *
find(const struct sk_state *s, struct sk_slice container_id, bool is_group, uint32_t id)
{
	if (!s->users)
		return NULL;
	for (struct sk_user_node *u = s->users[slot_of(s, container_id, is_group, id)]; u; u = u->next)
		if (u->id == id && u->is_group == is_group && sk_slice_eq(sk_str_slice(u->container_id), container_id))
			return u;
	return NULL;
}

const struct sk_user *
sk_state_user(const struct sk_state *s, struct sk_slice container_id, uint32_t uid)
{
	const struct sk_user_node *u = find(s, container_id, false, uid);

	return u ? &u->user : NULL;
}

const struct sk_group_entry *
sk_state_group(const struct sk_state *s, struct sk_slice container_id, uint32_t gid)
{
	const struct sk_user_node *u = find(s, container_id, true, gid);

	return u ? &u->group : NULL;
}

static bool
grow(struct sk_state *s)
{
	size_t n = s->users ? (s->users_mask + 1) * 2 : FIRST_BUCKETS, old = s->users ? s->users_mask + 1 : 0;
	struct sk_user_node **buckets = calloc(n, sizeof(*buckets)), **before = s->users;

	if (!buckets)
		return before != NULL;
	s->users = buckets;
	s->users_mask = n - 1;
	for (size_t i = 0; i < old; i++)
		for (struct sk_user_node *u = before[i], *next; u; u = next) {
			size_t slot = slot_of(s, sk_str_slice(u->container_id), u->is_group, u->id);

			next = u->next;
			u->next = buckets[slot];
			buckets[slot] = u;
		}
	free(before);
	return true;
}

/* The entry of an id, made if needed; NULL when the table is full. */
static struct sk_user_node *
entry(struct sk_state *s, struct sk_slice container_id, bool is_group, uint32_t id)
{
	struct sk_user_node *u = find(s, container_id, is_group, id);

	if (u)
		return u;
	if (s->nusers >= SK_MAX_USERS || ((!s->users || s->nusers > s->users_mask) && !grow(s)) || !(u = calloc(1, sizeof(*u)))) {
		s->stats.users_refused++;
		return NULL;
	}
	u->container_id = sk_str_get(&s->strings, container_id);
	u->is_group = is_group;
	u->id = id;
	u->user = (struct sk_user){
	    .uid = id,
	    .name = sk_str_ref(s->strings.empty),
	    .home = sk_str_ref(s->strings.empty),
	    .shell = sk_str_ref(s->strings.empty),
	};
	u->group = (struct sk_group_entry){.gid = id, .name = sk_str_ref(s->strings.empty)};
	size_t slot = slot_of(s, container_id, is_group, id);
	u->next = s->users[slot];
	s->users[slot] = u;
	s->nusers++;
	return u;
}

void
sk_state_add_user(struct sk_state *s, struct sk_slice container_id, uint32_t uid, uint32_t gid, struct sk_slice name,
		  struct sk_slice home, struct sk_slice shell)
{
	struct sk_user_node *u = entry(s, container_id, false, uid);

	if (!u)
		return;
	u->user.gid = gid;
	sk_str_set(&s->strings, &u->user.name, name);
	sk_str_set(&s->strings, &u->user.home, home);
	sk_str_set(&s->strings, &u->user.shell, shell);
}

void
sk_state_add_group(struct sk_state *s, struct sk_slice container_id, uint32_t gid, struct sk_slice name)
{
	struct sk_user_node *u = entry(s, container_id, true, gid);

	if (u)
		sk_str_set(&s->strings, &u->group.name, name);
}

static void
free_node(struct sk_state *s, struct sk_user_node *u)
{
	sk_str_put(&s->strings, u->container_id);
	sk_str_put(&s->strings, u->user.name);
	sk_str_put(&s->strings, u->user.home);
	sk_str_put(&s->strings, u->user.shell);
	sk_str_put(&s->strings, u->group.name);
	free(u);
}

static void
del(struct sk_state *s, struct sk_slice container_id, bool is_group, uint32_t id)
{
	struct sk_user_node *u = find(s, container_id, is_group, id);

	if (!u)
		return;
	struct sk_user_node **p = &s->users[slot_of(s, container_id, is_group, id)];
	while (*p != u)
		p = &(*p)->next;
	*p = u->next;
	s->nusers--;
	free_node(s, u);
}

void
sk_users_clear(struct sk_state *s)
{
	for (size_t i = 0; s->users && i <= s->users_mask; i++)
		for (struct sk_user_node *u = s->users[i], *next; u; u = next) {
			next = u->next;
			free_node(s, u);
		}
	free(s->users);
	s->users = NULL;
	s->users_mask = s->nusers = 0;
}

/* --- events ----------------------------------------------------------------------------------------------------------- */
static struct sk_slice
text(const struct sk_event *ev, uint32_t i)
{
	size_t n;
	const char *p = sk_ev_str(ev, i, &n);

	return p ? sk_slice(p, n) : SK_SLICE("");
}

void
sk_on_user_added(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)x;
	sk_state_add_user(s, text(ev, 5), (uint32_t)sk_ev_uint(ev, 0), (uint32_t)sk_ev_uint(ev, 1), text(ev, 2), text(ev, 3),
			  text(ev, 4));
}

void
sk_on_user_deleted(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)x;
	del(s, text(ev, 5), false, (uint32_t)sk_ev_uint(ev, 0));
}

void
sk_on_group_added(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)x;
	sk_state_add_group(s, text(ev, 2), (uint32_t)sk_ev_uint(ev, 0), text(ev, 1));
}

void
sk_on_group_deleted(struct sk_state *s, const struct sk_event *ev, struct sk_event_ctx *x)
{
	(void)x;
	del(s, text(ev, 2), true, (uint32_t)sk_ev_uint(ev, 0));
}
