/* Findings in the forms that people, editors and CI systems read. One file a form. */
#ifndef SK_REPORT_H
#define SK_REPORT_H

#include "base/diag.h"

#include <stdio.h>

/* SYM, "name of --format", "what it is for" */
#define SK_REPORT_FORMATS(F)                                                                                                 \
	F(TEXT, "text", "place, source line and caret, for people")                                                          \
	F(JSON, "json", "one JSON object a line")                                                                            \
	F(SARIF, "sarif", "SARIF 2.1.0, for code scanning")                                                                  \
	F(JUNIT, "junit", "JUnit XML, for test reports of CI systems")                                                       \
	F(GITHUB, "github", "workflow commands of GitHub Actions: annotations at the line")                                  \
	F(FALCO, "falco", "what falco -V prints")                                                                            \
	F(FALCO_JSON, "falco-json", "what falco -V prints with json_output")

enum sk_report_format {
#define SK_REPORT_ENUM_(sym, name, doc) SK_REPORT_##sym,
	SK_REPORT_FORMATS(SK_REPORT_ENUM_)
#undef SK_REPORT_ENUM_
	SK_REPORT_COUNT
};

struct sk_report {
	struct sk_diags *diags;
	struct sk_file *const *files; /* that were checked, in order; the unreadable ones too, with an empty text */
	size_t nfiles;
	const char *version;          /* of sakerc */
	bool color;                   /* text: terminal escapes */
	FILE *out;
	FILE *log; /* falco: warnings about valid files, and the verdict again if it is bad */
};

/* The format of this name; SK_REPORT_COUNT if there is none. */
enum sk_report_format sk_report_find(const char *name);
/* Write all findings, sorted. Errors of the streams stay in the streams. */
void sk_report_write(const struct sk_report *r, enum sk_report_format format);

#endif
