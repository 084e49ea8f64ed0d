/* Text of the graph: one line of infix notation a node. */
#include "compiler/ir.h"

#include "base/buf.h"
#include "base/schema.h"

#include <arpa/inet.h>
#include <inttypes.h>

static const char *
op_name(uint8_t op)
{
	switch ((enum sk_op)op) {
#define SK_OP(num, name, fmt, cls, doc) \
	case SK_OP_##name: return #name;
#include <saker/ops.def>
#undef SK_OP
	}
	return "?";
}

static const char *
xform_name(enum sk_xform x)
{
	switch (x) {
#define SK_XFORM(num, sym, name, min, max, arg) \
	case SK_XF_##sym: return name;
#include <saker/xforms.def>
#undef SK_XFORM
	case SK_XF_NONE:
	case SK_XF_LIMIT: break;
	}
	return "?";
}

static void
put_list(const struct sk_ir_graph *g, const uint32_t *v, uint32_t n, struct sk_buf *out)
{
	sk_buf_char(out, '(');
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			sk_buf_str(out, ", ");
		sk_ir_print_value(g, v[i], out);
	}
	sk_buf_char(out, ')');
}

static void
put_address(const struct sk_irv *v, struct sk_buf *out)
{
	char text[INET6_ADDRSTRLEN];

	sk_buf_str(out, inet_ntop(v->ip == 4 ? AF_INET : AF_INET6, v->text.p, text, sizeof(text)) ? text : "?");
	if (v->vkind == SK_V_NET)
		sk_buf_printf(out, "/%u", v->prefix);
}

static void
put_const(const struct sk_ir_graph *g, const struct sk_irv *v, struct sk_buf *out)
{
	double d;

	if (v->is_list) {
		put_list(g, v->args, v->nargs, out);
		return;
	}
	switch (v->vkind) {
	case SK_V_BOOL: sk_buf_str(out, v->num ? "true" : "false"); return;
	case SK_V_INT: sk_buf_i64(out, (int64_t)v->num); return;
	case SK_V_UINT: sk_buf_u64(out, v->num); return;
	case SK_V_FLOAT:
		memcpy(&d, &v->num, sizeof(d));
		sk_buf_printf(out, "%.1f", d);
		return;
	case SK_V_IP:
	case SK_V_NET: put_address(v, out); return;
	case SK_V_STR:
	case SK_V_BYTES:
		sk_buf_char(out, '"');
		sk_buf_json(out, v->text);
		sk_buf_char(out, '"');
		return;
	case SK_V_NONE:
	case SK_V_LIST: break;
	}
	sk_buf_char(out, '?');
}

void
sk_ir_print_value(const struct sk_ir_graph *g, uint32_t n, struct sk_buf *out)
{
	const struct sk_irv *v = &g->values.v[n];

	switch (v->kind) {
	case SK_IRV_CONST: put_const(g, v, out); return;
	case SK_IRV_FIELD: sk_buf_str(out, v->field->name); break;
	case SK_IRV_XFORM:
		sk_buf_str(out, xform_name(v->xform));
		put_list(g, v->args, v->nargs, out);
		break;
	}
	if (v->arg == SK_VA_INDEX)
		sk_buf_printf(out, "[%" PRIu64 "]", v->index);
	if (v->arg == SK_VA_KEY || v->xarg.n) {
		sk_buf_char(out, '[');
		sk_buf_json(out, v->arg == SK_VA_KEY ? v->key : v->xarg);
		sk_buf_char(out, ']');
	}
}

static void
put_patterns(const struct sk_ir_graph *g, const uint32_t *v, uint32_t n, struct sk_buf *out)
{
	for (uint32_t i = 0; i < n; i++) {
		sk_buf_str(out, i ? ", \"" : "\"");
		sk_buf_json(out, g->patterns.v[v[i]]);
		sk_buf_char(out, '"');
	}
}

static void
put_test(const struct sk_ir_graph *g, const struct sk_ir *t, struct sk_buf *out)
{
	static const char *const quants[] = { "", " oneof", " anyof", " allof" };
	uint8_t q = t->mod & SK_MOD_QUANT;

	if (q)
		sk_buf_str(out, q == SK_MOD_ANY ? "any " : "all ");
	sk_ir_print_value(g, t->lhs, out);
	sk_buf_printf(out, " %s%s", t->mod & SK_MOD_NEG ? "NOT_" : "", op_name(t->op));
	if (t->rhs_kind == SK_IRR_MULTI)
		sk_buf_printf(out, " %s%s%s", t->multi_mod & SK_MOD_NEG ? "NOT_" : "", op_name(t->multi_op), quants[t->quant & 3]);
	if (t->rhs_kind == SK_IRR_NONE)
		return;
	sk_buf_char(out, ' ');
	if (t->rhs_kind == SK_IRR_VALUE) {
		sk_ir_print_value(g, t->rhs, out);
	} else if (t->rhs_kind == SK_IRR_PATTERN) {
		put_patterns(g, &t->rhs, 1, out);
	} else if (t->rhs_kind == SK_IRR_MULTI && t->multi_op == SK_OP_REGEX) {
		sk_buf_char(out, '(');
		put_patterns(g, t->members, t->nmembers, out);
		sk_buf_char(out, ')');
	} else {
		put_list(g, t->members, t->nmembers, out);
	}
}

void
sk_ir_print(const struct sk_ir_graph *g, uint32_t i, struct sk_buf *out)
{
	const struct sk_ir *n = &g->nodes.v[i];

	switch (n->kind) {
	case SK_IR_FALSE: sk_buf_str(out, "false"); return;
	case SK_IR_TRUE: sk_buf_str(out, "true"); return;
	case SK_IR_TEST: put_test(g, n, out); return;
	case SK_IR_NOT:
		sk_buf_str(out, "not ");
		sk_ir_print(g, n->kids[0], out);
		return;
	case SK_IR_AND:
	case SK_IR_OR: break;
	}
	sk_buf_char(out, '(');
	for (uint32_t k = 0; k < n->nkids; k++) {
		if (k)
			sk_buf_str(out, n->kind == SK_IR_AND ? " and " : " or ");
		sk_ir_print(g, n->kids[k], out);
	}
	sk_buf_char(out, ')');
}
