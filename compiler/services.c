#include "compiler/services.h"

#include "base/vec.h"

#include <arpa/inet.h>
#include <netdb.h>

struct service {
	char *name;
	uint16_t port;
};

struct sk_services {
	SK_VEC(struct service) v;
};

/* Longest name that is looked up; the database has none beyond 20 characters. */
#define NAME_MAX_LEN 64u

static bool
add(struct sk_services *s, const char *name, int port)
{
	char *copy = strdup(name);

	if (copy && sk_vec_push(&s->v, (struct service){ copy, ntohs((uint16_t)port) }))
		return true;
	free(copy);
	return false;
}

struct sk_services *
sk_services_load(void)
{
	struct sk_services *s = calloc(1, sizeof(*s));
	bool ok = s != NULL;

	setservent(0);
	for (struct servent *e; ok && (e = getservent());) {
		ok = add(s, e->s_name, e->s_port);
		for (char **alias = e->s_aliases; ok && *alias; alias++)
			ok = add(s, *alias, e->s_port);
	}
	endservent();
	if (ok)
		return s;
	sk_services_free(s);
	return NULL;
}

void
sk_services_free(struct sk_services *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->v.n; i++)
		free(s->v.v[i].name);
	sk_vec_free(&s->v);
	free(s);
}

bool
sk_services_find(const struct sk_services *s, struct sk_slice name, uint16_t *ret)
{
	char copy[NAME_MAX_LEN];
	const struct servent *e;

	if (name.n >= sizeof(copy) || (name.n && memchr(name.p, '\0', name.n)))
		return false;
	for (size_t i = 0; s && i < s->v.n; i++)
		if (sk_slice_is(name, s->v.v[i].name)) {
			*ret = s->v.v[i].port;
			return true;
		}
	if (s || !name.n)
		return false;
	memcpy(copy, name.p, name.n);
	copy[name.n] = '\0';
	e = getservbyname(copy, NULL);
	if (e)
		*ret = ntohs((uint16_t)e->s_port);
	return e != NULL;
}
