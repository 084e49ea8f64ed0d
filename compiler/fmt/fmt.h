/* One look for rule files. Comments stay, meaning stays: what is written is parsed again and compared before anybody gets it. */
#ifndef SK_FMT_H
#define SK_FMT_H

#include "base/buf.h"
#include "base/diag.h"

/* Columns that lines keep within where their words let them. */
#define SK_FMT_WIDTH 120u

/* Format FILE into OUT. False after an error, which is in DIAGS: the file is no well-formed rule file, has a key twice, cannot be
 * formatted without a change of meaning, or memory ran out. What findings need lives in ARENA, all else only for the time of the
 * call, in as much memory as a compilation may have. */
bool sk_fmt(struct sk_arena *arena, struct sk_diags *diags, const struct sk_file *file, struct sk_buf *out);

#endif
