/* Any bytes as a bundle: what the verifier accepts must run, print and be safe on values of every shape. The digest is put right so that mutations reach the verifier. */
#include "base/buf.h"
#include "base/schema.h"
#include "vm/bundle/bundle.h"

#include <saker/vm.h>
#include <sodium.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A value of the field's kind; which one depends on the field and the round. */
static bool
load_any(void *ctx, const struct sk_field_arg_value *arg, struct sk_value *ret)
{
	static const char *const texts[] = { "", "bash", "/etc/shadow", "a\xff\xfe-b", "-x -y 1" };
	static const uint8_t address[16] = { 127, 0, 0, 1 };
	static const struct sk_value list[] = { { .kind = SK_V_STR, .n = 1, .s = "a" }, { .kind = SK_V_STR, .n = 0, .s = "" } };
	unsigned *round = ctx;
	unsigned pick = (*round)++ + arg->aux;

	switch (pick % 7) {
	case 0: return false;
	case 1: *ret = (struct sk_value){ .kind = SK_V_UINT, .u = pick }; break;
	case 2: *ret = (struct sk_value){ .kind = SK_V_INT, .i = -(int64_t)pick }; break;
	case 3: *ret = (struct sk_value){ .kind = SK_V_BOOL, .u = pick & 1 }; break;
	case 4: *ret = (struct sk_value){ .kind = SK_V_IP, .ip = 4, .addr = address }; break;
	case 5: *ret = (struct sk_value){ .kind = SK_V_LIST, .n = 2, .list = list }; break;
	default:
		*ret = (struct sk_value){ .kind = SK_V_STR, .s = texts[pick % 5], .n = (uint32_t)strlen(texts[pick % 5]) };
		break;
	}
	return true;
}

static uint32_t
number(void *ctx, enum sk_field_id field, const struct sk_field_arg_value *arg)
{
	(void)ctx;
	(void)arg;
	return (uint32_t)field;
}

static void
run(const struct sk_bundle *b)
{
	sk_load_fn load[SK_F_LIMIT];
	unsigned round = 0;
	const struct sk_loader loader = { load, number, &round };
	const struct sk_vm_opts opts = { .sz = sizeof(opts), .mode = SK_MATCH_ALL };
	struct sk_vm *vm;
	char why[128];

	for (size_t i = 0; i < SK_F_LIMIT; i++)
		load[i] = load_any;
	if (sk_vm_new(b, &loader, &opts, &vm, why, sizeof(why)) < 0)
		return;
	for (int turn = 0; turn < 7; turn++)
		for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++) {
			sk_vm_begin(vm);
			(void)sk_vm_run(vm, SK_SOURCE_SYSCALL, type);
		}
	sk_vm_begin(vm);
	for (uint32_t i = 0; i < sk_bundle_view(b)->nvalues; i++)
		(void)sk_vm_value(vm, i);
	sk_vm_free(vm);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sk_bundle *b;
	struct sk_reject why;
	struct sk_buf text = { 0 };
	const size_t head = sizeof(struct sk_bundle_header);
	uint8_t *copy = NULL;

	if (n < head || n > (1u << 20) || posix_memalign((void **)&copy, 8, n) != 0)
		return 0;
	memcpy(copy, data, n);
	(void)crypto_generichash(((struct sk_bundle_header *)(void *)copy)->digest, 32, copy + head, n - head, NULL, 0);
	if (sk_bundle_open(copy, n, &b, &why) == 0) {
		run(b);
		sk_bundle_print(b, &text);
		sk_bundle_print_interest(b, &text);
		sk_buf_free(&text);
		sk_bundle_close(b);
	}
	free(copy);
	return 0;
}
