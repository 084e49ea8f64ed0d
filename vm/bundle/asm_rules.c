/* Inputs, outputs and rules of the text form. */
#include "base/schema.h"
#include "vm/bundle/asm.h"

static bool
interned(struct sk_asm_cursor *c, struct sk_str_ref *ret)
{
	struct sk_buf s = {0};
	bool ok = sk_asm_string(c, &s);

	if (ok)
		*ret = sk_builder_string(c->as->b, sk_buf_view(&s));
	sk_buf_free(&s);
	return ok;
}

static bool
parse_hex(struct sk_asm_cursor *c, uint8_t sha256[32])
{
	struct sk_slice w = sk_asm_word(c, "");
	size_t n = 0;

	if (sodium_hex2bin(sha256, 32, w.p, w.n, NULL, &n, NULL) != 0 || n != 32)
		return sk_asm_fail(c, "expected 64 hexadecimal digits");
	return true;
}

/* input [i0] "name" [sha256] */
size_t
sk_asm_input(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i);
	struct sk_str_ref name;
	uint32_t number = as->ninputs;

	(void)sk_asm_word(&c, "");
	if (sk_asm_accept(&c, "i") && !sk_asm_u32(&c, &number))
		return 0;
	if (number != as->ninputs)
		return sk_asm_fail(&c, "the next input is i%u", as->ninputs);
	if (!interned(&c, &name))
		return 0;
	struct sk_input_def in = {.name = name};
	if (!sk_asm_at_end(&c) && !parse_hex(&c, in.sha256))
		return 0;
	SK_PUT(as->b, &as->b->inputs, in);
	as->ninputs++;
	return i + 1;
}

static bool
piece_fmt(struct sk_asm_cursor *c, uint8_t *ret)
{
	static const char *const names[] = {"NA", "DEC", "HEX", "OCT", "PADDED", "ID"};
	struct sk_slice w = sk_asm_word(c, "");

	for (uint8_t i = 0; i < SK_COUNTOF(names); i++)
		if (sk_slice_is(w, names[i])) {
			*ret = i;
			return true;
		}
	return sk_asm_fail(c, "unknown print format");
}

static bool
piece_attribute(struct sk_asm_cursor *c, struct sk_piece_def *p)
{
	enum sk_ptype type;

	if (sk_asm_accept(c, "key"))
		return interned(c, &p->text);
	if (sk_asm_accept(c, "width"))
		return sk_asm_u32(c, &p->width);
	if (sk_asm_accept(c, "fmt"))
		return piece_fmt(c, &p->fmt);
	if (sk_asm_accept(c, "type")) {
		if (!sk_asm_type(c, sk_asm_word(c, "_"), &type))
			return false;
		p->type = (uint8_t)type;
		return true;
	}
	if (sk_asm_accept(c, "hidden")) {
		p->is_transformed = SK_PIECE_HIDDEN;
		return true;
	}
	p->is_transformed = SK_PIECE_TRANSFORMED;
	return sk_asm_expect(c, "transformed");
}

static bool
piece(struct sk_asm_cursor *c, struct sk_piece_def *p)
{
	uint32_t v;

	*p = (struct sk_piece_def){0};
	if (sk_asm_accept(c, "text")) {
		if (!interned(c, &p->text))
			return false;
	} else {
		if (!sk_asm_expect(c, "field") || !sk_asm_value(c, &v))
			return false;
		p->value = v + 1;
	}
	while (!sk_asm_at_end(c))
		if (!piece_attribute(c, p))
			return false;
	return true;
}

/* output [o0] "text", pieces in the lines below */
size_t
sk_asm_output(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i++);
	SK_VEC(struct sk_piece_def) pieces = {0};
	struct sk_buf text = {0};
	uint32_t name = (uint32_t)as->names['o'].ids.n;
	struct sk_piece_def p;

	(void)sk_asm_word(&c, "");
	bool ok = !sk_asm_accept(&c, "o") || sk_asm_u32(&c, &name);
	ok = ok && (name < SK_ASM_NAMES || sk_asm_fail(&c, "name out of range")) && sk_asm_string(&c, &text);
	for (; ok && !sk_asm_begins(as, i); i++) {
		c = sk_asm_cursor(as, i);
		ok = piece(&c, &p);
		if (ok)
			SK_PUT(as->b, &pieces, p);
	}
	ok = ok && sk_asm_define(&c, 'o', name, sk_builder_output(as->b, sk_buf_view(&text), pieces.v, (uint32_t)pieces.n));
	sk_vec_free(&pieces);
	sk_buf_free(&text);
	return ok ? i : 0;
}

/* --- rules */

/* A rule under construction. */
struct rule {
	struct sk_rule_def def;
	SK_VEC(struct sk_slice) tags; /* owned */
	bool has_output;
};

static bool
rule_tags(struct sk_asm_cursor *c, struct rule *r)
{
	while (!sk_asm_at_end(c)) {
		struct sk_buf s = {0};

		if (!sk_asm_string(c, &s) || sk_buf_cstr(&s)[0] == '\0' || !sk_vec_push(&r->tags, sk_slice(s.p, s.n))) {
			sk_buf_free(&s);
			return sk_asm_fail(c, "expected a tag");
		}
	}
	return true;
}

static bool
rule_place(struct sk_asm_cursor *c, struct sk_rule_def *d)
{
	if (!sk_asm_expect(c, "i") || !sk_asm_u32(c, &d->input))
		return false;
	return sk_asm_expect(c, ":") && sk_asm_u32(c, &d->line) && sk_asm_expect(c, ":") && sk_asm_u32(c, &d->column);
}

static bool
rule_priority(struct sk_asm_cursor *c, struct sk_rule_def *d)
{
	enum sk_priority p = sk_priority_find(sk_asm_word(c, ""));

	d->priority = (uint8_t)p;
	return p < SK_PRIO_COUNT || sk_asm_fail(c, "unknown priority");
}

static bool
rule_output(struct sk_asm_cursor *c, struct rule *r)
{
	uint32_t name;

	r->has_output = true;
	if (!sk_asm_is_name(sk_asm_word(c, ""), 'o', &name))
		return sk_asm_fail(c, "expected an output");
	return sk_asm_lookup(c, 'o', name, &r->def.output);
}

static bool
rule_capture(struct sk_asm_cursor *c, struct sk_rule_def *d)
{
	uint64_t on;

	if (!sk_asm_number(c, 1, &on))
		return false;
	d->capture = (uint8_t)on;
	return sk_asm_u32(c, &d->capture_duration_ms);
}

static bool
rule_attribute(struct sk_asm_cursor *c, struct rule *r)
{
	struct sk_slice w = sk_asm_word(c, "");
	enum sk_source source;

	if (sk_slice_is(w, "desc"))
		return interned(c, &r->def.desc);
	if (sk_slice_is(w, "condition"))
		return interned(c, &r->def.condition);
	if (sk_slice_is(w, "prints"))
		return rule_output(c, r);
	if (sk_slice_is(w, "priority"))
		return rule_priority(c, &r->def);
	if (sk_slice_is(w, "at"))
		return rule_place(c, &r->def);
	if (sk_slice_is(w, "tags"))
		return rule_tags(c, r);
	if (sk_slice_is(w, "capture"))
		return rule_capture(c, &r->def);
	if (sk_slice_is(w, "disabled")) {
		r->def.enabled = 0;
		return true;
	}
	if (!sk_slice_is(w, "source"))
		return sk_asm_fail(c, "unknown attribute of a rule");
	if (!sk_asm_source(c, &source))
		return false;
	r->def.source = (uint8_t)source;
	return true;
}

static bool
rule_head(struct sk_asm_cursor *c, struct sk_rule_def *d)
{
	uint32_t number = c->as->nrules;

	(void)sk_asm_word(c, "");
	if (sk_asm_accept(c, "r") && !sk_asm_u32(c, &number))
		return false;
	if (number != c->as->nrules)
		return sk_asm_fail(c, "the next rule is r%u", c->as->nrules);
	return interned(c, &d->name);
}

/* rule [r0] "name", attributes in the lines below */
size_t
sk_asm_rule(struct sk_asm *as, size_t i)
{
	struct sk_asm_cursor c = sk_asm_cursor(as, i++);
	struct rule r = {.def = {.priority = SK_PRIO_WARNING, .enabled = 1}};
	bool ok = rule_head(&c, &r.def);

	for (; ok && !sk_asm_begins(as, i); i++) {
		c = sk_asm_cursor(as, i);
		ok = rule_attribute(&c, &r);
	}
	if (ok && !r.has_output)
		r.def.output = sk_builder_output(as->b, SK_SLICE(""), NULL, 0);
	if (ok)
		as->nrules = sk_builder_rule(as->b, &r.def, r.tags.v, (uint32_t)r.tags.n) + 1;
	for (size_t k = 0; k < r.tags.n; k++)
		free((char *)(uintptr_t)r.tags.v[k].p);
	sk_vec_free(&r.tags);
	return ok ? i : 0;
}
