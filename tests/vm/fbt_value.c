#include "tests/vm/fbt.h"

#include "base/schema.h"

#include <arpa/inet.h>
#include <stdlib.h>

static void
blanks(const char **p)
{
	*p += strspn(*p, " \t");
}

static bool
quoted(struct sk_arena *arena, const char **p, struct sk_value *ret)
{
	const char *s = *p + 1;
	char *out = sk_arena_alloc(arena, strlen(s) + 1);

	ret->s = out;
	while (*s && *s != '"') {
		if (s[0] == '\\' && s[1] == 'x') {
			const char hex[3] = {s[2], s[2] ? s[3] : '\0', '\0'};

			*out++ = (char)strtoul(hex, NULL, 16);
			s += 4;
			continue;
		}
		s += *s == '\\';
		*out++ = *s++;
	}
	ret->n = (uint32_t)(out - ret->s);
	*p = s + 1;
	return *s == '"';
}

static bool
address(struct sk_arena *arena, const char *word, struct sk_value *ret)
{
	uint8_t *addr = sk_arena_alloc(arena, 16);

	ret->ip = strchr(word, ':') ? 6 : 4;
	ret->addr = addr;
	return inet_pton(ret->ip == 6 ? AF_INET6 : AF_INET, word, addr) == 1;
}

static bool
plain(struct sk_arena *arena, const char **p, struct sk_value *ret)
{
	size_t n = strcspn(*p, " \t,]");
	const char *word = sk_arena_dup(arena, sk_slice(*p, n)).p;
	char *end = (char *)(uintptr_t)word + n;

	*p += n;
	switch ((enum sk_vkind)ret->kind) {
	case SK_V_BOOL:
		ret->u = strcmp(word, "true") == 0;
		return ret->u || strcmp(word, "false") == 0;
	case SK_V_INT:
		ret->i = strtoll(word, &end, 0);
		break;
	case SK_V_UINT:
		ret->u = strtoull(word, &end, 0);
		break;
	case SK_V_FLOAT:
		ret->d = strtod(word, &end);
		break;
	case SK_V_IP:
		return address(arena, word, ret);
	case SK_V_NET:
	case SK_V_STR:
	case SK_V_BYTES:
	case SK_V_LIST:
	case SK_V_NONE:
		return false;
	}
	return n && !*end;
}

static bool
scalar(struct sk_arena *arena, const char **p, enum sk_vkind kind, struct sk_value *ret)
{
	*ret = (struct sk_value){.kind = (uint8_t)(kind == SK_V_NET ? SK_V_IP : kind)};
	*p += **p == 'b' && (*p)[1] == '"';
	return **p == '"' ? quoted(arena, p, ret) : plain(arena, p, ret);
}

static bool
list(struct sk_arena *arena, const char **p, enum sk_vkind kind, struct sk_value *ret)
{
	struct sk_value *items = sk_arena_array(arena, strlen(*p), sizeof(*items));

	*ret = (struct sk_value){.kind = SK_V_LIST, .list = items};
	++*p;
	for (blanks(p); **p && **p != ']'; blanks(p)) {
		if (!scalar(arena, p, kind, &items[ret->n++]))
			return false;
		blanks(p);
		*p += **p == ',';
	}
	return *(*p)++ == ']';
}

bool
fbt_pair(struct sk_arena *arena, const char **p, const struct sk_field_desc **ret_field, struct sk_value *ret)
{
	blanks(p);
	size_t n = strcspn(*p, " \t=");
	const struct sk_field_desc *f = sk_field_find(sk_slice(*p, n));

	*p += n;
	blanks(p);
	if (!f || *(*p)++ != '=')
		return false;
	blanks(p);
	*ret_field = f;
	if (!(**p == '[' ? list : scalar)(arena, p, sk_type_kind((enum sk_ptype)f->type), ret))
		return false;
	blanks(p);
	return **p == '\0' || **p == ',';
}
