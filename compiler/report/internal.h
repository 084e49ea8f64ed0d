/* What the forms share. */
#ifndef SK_REPORT_INTERNAL_H
#define SK_REPORT_INTERNAL_H

#include "base/buf.h"
#include "compiler/report/report.h"

/* Most of a name that is repeated with each finding about its item. */
#define NAME_WIDTH 500u

/* Lines and columns from 1; the end is exclusive. Columns count UTF-16 code units, as editors and code scanning do. */
struct sk_place {
	uint32_t line, column, end_line, end_column;
};

struct sk_place sk_report_place(struct sk_loc loc);
/* "error" or "warning". */
const char *sk_report_level(const struct sk_diag *d);
/* S as a JSON string with its quotes. */
void sk_report_string(struct sk_buf *b, struct sk_slice s);
/* "name":"text", after a comma unless it is the first member of an object. */
void sk_report_member(struct sk_buf *b, const char *name, struct sk_slice text);
void sk_report_number(struct sk_buf *b, const char *name, uint32_t n);
/* A comma unless what comes is the first of an array or object. */
void sk_report_comma(struct sk_buf *b);
/* Findings of SEVERITY in FILE; a NULL file: those without a place. */
size_t sk_report_count(const struct sk_report *r, const struct sk_file *file, enum sk_severity severity);

void sk_report_json(const struct sk_report *r, struct sk_buf *out);
void sk_report_sarif(const struct sk_report *r, struct sk_buf *out);
void sk_report_junit(const struct sk_report *r, struct sk_buf *out);
void sk_report_github(const struct sk_report *r, struct sk_buf *out);
void sk_report_falco_json(const struct sk_report *r, struct sk_buf *out);
/* Writes to both streams of R. */
void sk_report_falco(const struct sk_report *r);

/* The source line of a finding and a caret below: the true place, also where Falco's line and column of a condition lie beside it. */
void sk_report_falco_snippet(const struct sk_diag *d, struct sk_buf *out);
/* The code under which Falco's users know a finding; ours where Falco has none. */
const char *sk_report_falco_code(const struct sk_diag *d);

#endif
