/* Lists as the state keeps them: elements with a NUL after each. */
#include "daemon/fields/loader.h"

bool
sk_nul_list_next(struct sk_slice *list, struct sk_slice *ret)
{
	if (!list->n)
		return false;
	size_t n = strnlen(list->p, list->n);
	size_t step = n < list->n ? n + 1 : n;

	*ret = sk_slice(list->p, n);
	*list = sk_slice(list->p + step, list->n - step);
	return true;
}

/* LIST without the NUL that ends its last element. */
static struct sk_slice
without_end(struct sk_slice list)
{
	if (list.n && list.p[list.n - 1] == '\0')
		list.n--;
	return list;
}

void
sk_out_nul_list(struct sk_out *o, struct sk_slice list)
{
	size_t from = o->n;
	char *p, *end;

	sk_out_slice(o, without_end(list));
	for (p = o->p + from, end = o->p + o->n; p < end; p++) {
		p = memchr(p, '\0', (size_t)(end - p));
		if (!p)
			break;
		*p = ' ';
	}
}

bool
sk_ret_nul_list(struct sk_fields *f, struct sk_value *ret, struct sk_slice list)
{
	struct sk_slice text = without_end(list);
	struct sk_out o;

	if (!text.n || !memchr(text.p, '\0', text.n))
		return sk_ret_view(ret, text);
	sk_out_begin(&o, f);
	sk_out_nul_list(&o, list);
	return sk_out_ret(&o, ret);
}
