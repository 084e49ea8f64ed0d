/* Sets, tries, multi tests and candidate tables as text. */
#include "vm/bundle/text.h"
#include "vm/bundle/tables.h"

/* Members that are written out where a table is used: more have a definition of their own. */
#define INLINE_MEMBERS 6u
#define INLINE_MEMBER_BYTES 32u
/* What a comment names of a table that has a definition: as many members, found in so many slots. The table is not gone through
 * as a whole, since any number of instructions may use it. */
#define SOME_MEMBERS 3u
#define SOME_SLOTS 64u

/* What stands at each ordinal of a table: a value number of a set, a terminal node of a trie. */
struct members {
	uint32_t *at;
	uint32_t n;
	uint32_t *parent; /* trie: of each node, relative to the root */
	uint32_t root;
};

static bool
set_members(const struct sk_bundle_view *v, uint32_t set, struct members *m)
{
	const struct sk_set_def *s = &v->sets[set];

	*m = (struct members){.n = s->nmembers, .at = calloc(s->nmembers + 1u, sizeof(*m->at))};
	for (uint32_t i = 0; m->at && i < s->nslots; i++)
		if (v->slots[s->first_slot + i].value)
			m->at[v->slots[s->first_slot + i].ordinal] = v->slots[s->first_slot + i].value - 1;
	return m->at != NULL;
}

static bool
trie_members(const struct sk_bundle_view *v, uint32_t trie, struct members *m)
{
	const struct sk_trie_def *t = &v->tries[trie];

	*m = (struct members){.n = t->nmembers,
			      .at = calloc(t->nmembers + 1u, sizeof(*m->at)),
			      .parent = calloc(t->nnodes, sizeof(*m->parent)),
			      .root = t->root};
	for (uint32_t i = t->root; m->at && m->parent && i < t->root + t->nnodes; i++) {
		const struct sk_trie_node *n = &v->nodes[i];

		if (n->terminal)
			m->at[n->ordinal] = i;
		for (uint32_t k = 0; k < n->nchildren; k++)
			m->parent[n->first_child + k - t->root] = i;
	}
	return m->at && m->parent;
}

static void
free_members(struct members *m)
{
	free(m->at);
	free(m->parent);
}

/* Text from the root to a node. Edges are collected upwards: the way back is as deep as the trie. */
static void
trie_text(struct sk_printer *p, const struct members *m, bool path, uint32_t node, struct sk_buf *ret)
{
	uint32_t way[SK_MAX_TRIE_DEPTH + 1], n = 0;

	ret->n = 0;
	for (; node != m->root; node = m->parent[node - m->root])
		way[n++] = node;
	if (path && n == 0)
		sk_buf_char(ret, '/');
	while (n && ret->n <= p->limit) {
		if (path)
			sk_buf_char(ret, '/');
		sk_buf_slice(ret, sk_bundle_str(p->v, p->v->nodes[way[--n]].edge));
	}
}

static bool
is_path(const struct sk_bundle_view *v, uint32_t trie)
{
	return v->tries[trie].kind == SK_TRIE_PATH;
}

/* Members I.. of a table, separated by SEP; at most MOST of them. */
static void
put_members(struct sk_printer *p, bool trie, uint32_t table, const struct members *m, uint32_t most, const char *sep)
{
	struct sk_buf text = {0};

	for (uint32_t i = 0; i < m->n && i < most && !sk_print_full(p); i++) {
		if (i)
			sk_buf_str(p->out, sep);
		if (trie) {
			trie_text(p, m, is_path(p->v, table), m->at[i], &text);
			sk_print_quoted(p->out, sk_buf_view(&text));
		} else
			sk_print_operand(p, m->at[i]);
	}
	sk_buf_free(&text);
}

static bool
get_members(struct sk_printer *p, bool trie, uint32_t n, struct members *m)
{
	if (trie ? trie_members(p->v, n, m) : set_members(p->v, n, m))
		return true;
	free_members(m);
	p->out->failed = true;
	return false;
}

/* Few and short members, so that they are written out. The kind of an empty set cannot be read off. */
static bool
small_set(const struct sk_bundle_view *v, uint32_t set)
{
	const struct sk_set_def *s = &v->sets[set];

	if (s->nmembers > INLINE_MEMBERS || (s->nmembers == 0 && s->kind != SK_V_STR))
		return false;
	for (uint32_t i = 0; i < s->nslots; i++) {
		uint32_t value = v->slots[s->first_slot + i].value;

		if (value && v->values[value - 1].text.len > INLINE_MEMBER_BYTES)
			return false;
	}
	return true;
}

static bool
small_trie(const struct sk_bundle_view *v, uint32_t trie)
{
	const struct sk_trie_def *t = &v->tries[trie];

	if (t->nmembers > INLINE_MEMBERS || t->nnodes > 4 * INLINE_MEMBERS)
		return false;
	for (uint32_t i = 0; i < t->nnodes; i++)
		if (v->nodes[t->root + i].edge.len > INLINE_MEMBER_BYTES)
			return false;
	return true;
}

static bool
print_table(struct sk_printer *p, bool trie, uint32_t n)
{
	struct members m;

	if (!(trie ? small_trie(p->v, n) : small_set(p->v, n))) {
		sk_buf_printf(p->out, "%c%u", trie ? 't' : 's', n);
		return false;
	}
	if (!get_members(p, trie, n, &m))
		return true;
	sk_buf_char(p->out, '{');
	put_members(p, trie, n, &m, UINT32_MAX, ", ");
	sk_buf_char(p->out, '}');
	free_members(&m);
	return true;
}

bool
sk_print_set(struct sk_printer *p, uint32_t n)
{
	return print_table(p, false, n);
}

bool
sk_print_trie(struct sk_printer *p, uint32_t n)
{
	return print_table(p, true, n);
}

static void
put_some_of_set(struct sk_printer *p, const struct sk_set_def *s)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < s->nslots && i < SOME_SLOTS && found < SOME_MEMBERS; i++) {
		uint32_t value = p->v->slots[s->first_slot + i].value;

		if (value) {
			sk_buf_str(p->out, found++ ? ", " : "");
			sk_print_operand(p, value - 1);
		}
	}
	sk_buf_str(p->out, found < s->nmembers ? ", ..." : "");
}

/* The first member in order, which the leftmost way leads to. */
static void
put_some_of_trie(struct sk_printer *p, const struct sk_trie_def *t)
{
	const struct sk_trie_node *n = &p->v->nodes[t->root];
	struct sk_buf text = {0};

	while (!n->terminal && n->nchildren && text.n <= INLINE_MEMBER_BYTES) {
		n = &p->v->nodes[n->first_child];
		if (t->kind == SK_TRIE_PATH)
			sk_buf_char(&text, '/');
		if (n->edge.len <= INLINE_MEMBER_BYTES)
			sk_buf_slice(&text, sk_bundle_str(p->v, n->edge));
		else
			break;
	}
	if (t->kind == SK_TRIE_PATH && text.n == 0)
		sk_buf_char(&text, '/');
	sk_print_quoted(p->out, sk_buf_view(&text));
	sk_buf_str(p->out, t->nmembers > 1 ? ", ..." : "");
	sk_buf_free(&text);
}

void
sk_print_some(struct sk_printer *p, bool trie, uint32_t n)
{
	if (trie)
		put_some_of_trie(p, &p->v->tries[n]);
	else
		put_some_of_set(p, &p->v->sets[n]);
	sk_buf_printf(p->out, " (%u)", trie ? p->v->tries[n].nmembers : p->v->sets[n].nmembers);
}

/* --- multi tests */

static const char *
quant_name(uint8_t q)
{
	return q == SK_QUANT_ONEOF ? "oneof" : q == SK_QUANT_ANYOF ? "anyof" : "allof";
}

static void
put_multi(struct sk_printer *p, uint32_t n)
{
	const struct sk_multi_def *m = &p->v->multis[n];
	const struct sk_list_def *l = &p->v->lists[m->list];
	const struct sk_op_info *op = sk_op_info(m->op);

	sk_buf_printf(p->out, "%s %s%s (", quant_name(m->quant), op->name, m->mod & SK_MOD_NEG ? "!" : "");
	for (uint32_t k = 0; k < l->n && !sk_print_full(p); k++) {
		uint32_t x = p->v->indexes[l->first + k];

		if (k)
			sk_buf_str(p->out, ", ");
		if (op->b == SK_OPND_PATTERN)
			sk_print_quoted(p->out, sk_bundle_str(p->v, p->v->patterns[x].text));
		else
			sk_print_operand(p, x);
	}
	sk_buf_char(p->out, ')');
}

static bool
small_multi(const struct sk_bundle_view *v, uint32_t n)
{
	return v->lists[v->multis[n].list].n <= INLINE_MEMBERS;
}

bool
sk_print_multi(struct sk_printer *p, uint32_t n)
{
	bool small = small_multi(p->v, n);

	if (small)
		put_multi(p, n);
	else
		sk_buf_printf(p->out, "m%u", n);
	return small;
}

/* --- definitions */

static void
define_tables(struct sk_printer *p, bool trie)
{
	uint32_t n = trie ? p->v->ntries : p->v->nsets;
	struct members m;

	for (uint32_t i = 0; i < n && !sk_print_full(p); i++) {
		const char *kind = trie ? is_path(p->v, i) ? "path" : "bytes" : sk_vkind_name((enum sk_vkind)p->v->sets[i].kind);

		if (trie ? small_trie(p->v, i) : small_set(p->v, i))
			continue;
		if (!get_members(p, trie, i, &m))
			return;
		sk_buf_printf(p->out, "%s %c%u %s ; %u\n\t", trie ? "trie" : "set", trie ? 't' : 's', i, kind, m.n);
		put_members(p, trie, i, &m, UINT32_MAX, "\n\t");
		sk_buf_char(p->out, '\n');
		free_members(&m);
	}
}

static void
define_select(struct sk_printer *p, uint32_t n)
{
	const struct sk_select_def *s = &p->v->selects[n];
	bool trie = sk_select_info(s->kind)->trie;
	struct sk_buf text = {0};
	struct members m;

	if (!get_members(p, trie, s->table, &m))
		return;
	sk_buf_printf(p->out, "select x%u %s ", n, sk_select_info(s->kind)->name);
	(void)print_table(p, trie, s->table);
	sk_buf_char(p->out, '\n');
	for (uint32_t i = 0; i < s->nlists && !sk_print_full(p); i++) {
		const struct sk_list_def *l = &p->v->lists[s->first_list + i];

		sk_buf_str(p->out, "\tblocks");
		for (uint32_t k = 0; k < l->n && !sk_print_full(p); k++)
			sk_buf_printf(p->out, " %u", p->v->indexes[l->first + k]);
		sk_buf_str(p->out, " ; ");
		if (i >= m.n) {
			sk_buf_str(p->out, "all");
		} else if (trie) {
			trie_text(p, &m, s->kind == SK_SELECT_PATH, m.at[i], &text);
			sk_print_quoted(p->out, sk_buf_view(&text));
		} else
			sk_print_operand(p, m.at[i]);
		sk_buf_char(p->out, '\n');
	}
	sk_buf_free(&text);
	free_members(&m);
}

void
sk_print_tables(struct sk_printer *p)
{
	define_tables(p, false);
	define_tables(p, true);
	for (uint32_t i = 0; i < p->v->nmultis && !sk_print_full(p); i++)
		if (!small_multi(p->v, i)) {
			sk_buf_printf(p->out, "multi m%u ", i);
			put_multi(p, i);
			sk_buf_char(p->out, '\n');
		}
	for (uint32_t i = 0; i < p->v->nselects && !sk_print_full(p); i++)
		define_select(p, i);
}
