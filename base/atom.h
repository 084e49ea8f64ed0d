/* Interned strings: equal text has equal pointer and equal small number. Deterministic: numbers follow first use. */
#ifndef SK_BASE_ATOM_H
#define SK_BASE_ATOM_H

#include "base/arena.h"

struct sk_atoms;

/* A table whose strings and nodes live in ARENA (and end with it); NULL when out of memory. */
struct sk_atoms *sk_atoms_new(struct sk_arena *arena);
/* The number of S, from 1 in order of first use; 0 when out of memory. */
uint32_t sk_atom(struct sk_atoms *t, struct sk_slice s);
/* The number of S if it was seen, else 0. */
uint32_t sk_atom_find(const struct sk_atoms *t, struct sk_slice s);
/* Text of an atom (NUL-terminated), valid as long as the arena; empty for 0. */
struct sk_slice sk_atom_text(const struct sk_atoms *t, uint32_t atom);
/* Highest number given out. */
uint32_t sk_atom_count(const struct sk_atoms *t);

#endif
