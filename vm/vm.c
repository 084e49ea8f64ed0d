/* Making and ending a machine. */
#include "vm/machine.h"

#include <errno.h>

static void
set_constant(struct sk_vm *vm, const struct sk_value_def *d, struct sk_value *val)
{
	val->kind = d->kind;
	val->ip = (uint8_t)d->id;
	val->prefix = d->prefix;
	if (d->kind == SK_V_STR || d->kind == SK_V_BYTES) {
		val->n = d->text.len;
		val->s = vm->v->strings + d->text.off;
	} else if (d->kind == SK_V_IP || d->kind == SK_V_NET)
		val->addr = (const uint8_t *)vm->v->strings + d->text.off;
	else
		val->u = d->num;
}

static uint32_t
count_elements(const struct sk_bundle_view *v)
{
	uint32_t n = 0;

	for (uint32_t i = v->ncomputed; i < v->nvalues; i++)
		n += v->values[i].is_list ? v->values[i].nargs : 0;
	return n;
}

static int
make_constants(struct sk_vm *vm)
{
	const struct sk_bundle_view *v = vm->v;
	uint32_t n = count_elements(v), at = 0;

	vm->elements = n ? calloc(n, sizeof(*vm->elements)) : NULL;
	if (n && !vm->elements)
		return -ENOMEM;
	for (uint32_t i = v->ncomputed; i < v->nvalues; i++) {
		const struct sk_value_def *d = &v->values[i];

		if (!d->is_list) {
			set_constant(vm, d, &vm->values[i]);
			continue;
		}
		vm->values[i] = (struct sk_value){ .kind = SK_V_LIST, .n = d->nargs, .list = vm->elements + at };
		for (uint32_t k = 0; k < d->nargs; k++)
			set_constant(vm, &v->values[v->args[d->num + k]], &vm->elements[at++]);
	}
	return 0;
}

static void
bind_fields(struct sk_vm *vm, const struct sk_loader *l)
{
	for (uint32_t i = 0; i < vm->ncomputed; i++) {
		const struct sk_value_def *d = &vm->v->values[i];
		struct sk_field_arg_value *arg = &vm->args[i];

		if (d->def != SK_VD_FIELD)
			continue;
		vm->load[i] = l->load[d->id];
		arg->kind = d->arg;
		arg->index = d->num;
		arg->key = d->arg == SK_VA_KEY ? vm->v->strings + d->text.off : NULL;
		arg->key_len = d->text.len;
		arg->aux = l->bind ? l->bind(l->ctx, (enum sk_field_id)d->id, arg) : 0;
	}
}

static int
allocate(struct sk_vm *vm)
{
	const struct sk_bundle_view *v = vm->v;

	vm->values = calloc(v->nvalues + 1u, sizeof(*vm->values));
	vm->stamps = calloc(v->ncomputed + 1u, sizeof(*vm->stamps));
	vm->load = calloc(v->ncomputed + 1u, sizeof(*vm->load));
	vm->args = calloc(v->ncomputed + 1u, sizeof(*vm->args));
	vm->memos = calloc(SK_MAX_MEMOS, sizeof(*vm->memos));
	vm->off = calloc(v->nrules / 64 + 1u, sizeof(*vm->off));
	vm->matches = calloc(v->nrules + 1u, sizeof(*vm->matches));
	vm->scratch.size = SK_MAX_EVENT_SCRATCH;
	vm->scratch.p = malloc(vm->scratch.size);
	return vm->values && vm->stamps && vm->load && vm->args && vm->memos && vm->off && vm->matches && vm->scratch.p ? 0 : -ENOMEM;
}

int
sk_vm_new(const struct sk_bundle *b, const struct sk_loader *l, const struct sk_vm_opts *opts, struct sk_vm **ret, char *reterr, size_t n)
{
	struct sk_vm *vm = calloc(1, sizeof(*vm));
	int r = vm ? 0 : -ENOMEM;

	if (n)
		*reterr = '\0';
	if (r == 0) {
		vm->v = sk_bundle_view(b);
		vm->ncomputed = vm->v->ncomputed;
		vm->ctx = l->ctx;
		vm->mode = opts ? opts->mode : SK_MATCH_FIRST;
		vm->event = 1;
		r = allocate(vm);
	}
	if (r == 0)
		r = make_constants(vm);
	if (r == 0)
		r = sk_patterns_compile(vm, reterr, n);
	if (r < 0) {
		sk_vm_free(vm);
		return r;
	}
	bind_fields(vm, l);
	for (uint32_t i = 0; i < vm->v->nrules; i++)
		sk_vm_enable(vm, i, vm->v->rules[i].enabled);
	*ret = vm;
	return 0;
}

void
sk_vm_free(struct sk_vm *vm)
{
	if (!vm)
		return;
	sk_patterns_free(vm);
	free(vm->values);
	free(vm->elements);
	free(vm->stamps);
	free(vm->load);
	free(vm->args);
	free(vm->memos);
	free(vm->off);
	free(vm->matches);
	free(vm->scratch.p);
	free(vm);
}

void
sk_vm_begin(struct sk_vm *vm)
{
	vm->scratch.used = 0;
	if (SK_UNLIKELY(++vm->event == 0)) {
		memset(vm->stamps, 0, sizeof(*vm->stamps) * vm->ncomputed);
		vm->event = 1;
	}
}

const uint32_t *
sk_vm_matches(const struct sk_vm *vm)
{
	return vm->matches;
}

void
sk_vm_enable(struct sk_vm *vm, uint32_t rule, bool on)
{
	uint64_t bit = 1ull << (rule % 64);

	if (on)
		vm->off[rule / 64] &= ~bit;
	else
		vm->off[rule / 64] |= bit;
}

bool
sk_vm_enabled(const struct sk_vm *vm, uint32_t rule)
{
	return !(vm->off[rule / 64] >> (rule % 64) & 1);
}
