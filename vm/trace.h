/* The tests of one rule one by one, for tools that explain: never on the way of alerts, whose loop (exec.c) knows nothing of it.
 */
#ifndef SK_VM_TRACE_H
#define SK_VM_TRACE_H

#include "vm/bundle/bundle.h"

#include <saker/vm.h>

/* Instructions of one rule in one program: [first, end) of the code section; jumps of the program count from `base`. */
struct sk_block {
	uint32_t base, first, end;
};

/* The block of RULE in the program of (SOURCE, TYPE). False if events of the type can never match it. */
bool sk_block_find(const struct sk_bundle_view *v, enum sk_source source, uint32_t type, uint32_t rule, struct sk_block *ret);
/* Instruction N of the code section is a test. */
bool sk_insn_is_test(const struct sk_bundle_view *v, uint32_t n);
/* Does test N hold for the current event? Values are loaded as needed, as by a run. */
bool sk_vm_holds(struct sk_vm *vm, uint32_t n);

#endif
