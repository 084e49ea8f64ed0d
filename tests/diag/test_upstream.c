/* Every error and warning that Falco's users know of loading rules is raised here, too: upstream.tsv has a rule file for each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/diag/pipeline.h"

#include <stdio.h>

/* Rows of the reference: errors C2.30 to C2.47, warnings C2.50 to C2.64 without the one of embedding programs. */
enum { FIRST_ERROR = 30, LAST_ERROR = 47, FIRST_WARNING = 50, LAST_WARNING = 64, EXTENSION = 59 };

static unsigned cases_of[LAST_WARNING + 1];

/* "\n" to line ends, in place. */
static void
unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		bool end = s[0] == '\\' && s[1] == 'n';

		*to++ = end ? '\n' : *s;
		s += end;
	}
	*to = '\0';
}

static bool
is_raised(const char *falco, const char *own, unsigned line, unsigned column, const char *text)
{
	struct pipeline p;
	bool found = false;
	size_t n;

	pipeline_run_text(&p, text);
	const struct sk_diag *const *all = sk_diags_sorted(p.cx.diags, &n);
	for (size_t i = 0; i < n; i++) {
		const struct sk_diag_desc *d = sk_diag_desc(all[i]->code);
		uint32_t at_line, at_column;

		sk_file_position(all[i]->loc.file, all[i]->loc.span.beg, &at_line, &at_column);
		found |= strcmp(d->code, own) == 0 && strcmp(d->falco, falco) == 0 && at_line == line && at_column == column;
	}
	for (size_t i = 0; i < n && !found; i++)
		printf("  raised: %s %.*s\n", sk_diag_desc(all[i]->code)->code, SK_SLICE_ARG(all[i]->text));
	pipeline_end(&p);
	return found;
}

static void
test_cases(void **state)
{
	FILE *f = fopen(SK_SOURCE_DIR "/tests/diag/upstream.tsv", "re");
	char line[2048], falco[64], own[16];
	unsigned row, at_line, at_column, failed = 0;
	int text;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line == '#')
			continue;
		assert_int_equal(sscanf(line, "C2.%u %63s %15s %u:%u %n", &row, falco, own, &at_line, &at_column, &text), 5);
		assert_true(row <= LAST_WARNING);
		cases_of[row]++;
		unescape(line + text);
		if (is_raised(falco, own, at_line, at_column, line + text))
			continue;
		printf("C2.%u: no %s (%s) at %u:%u of\n%s", row, falco, own, at_line, at_column, line + text);
		failed++;
	}
	(void)fclose(f);
	assert_int_equal(failed, 0);
}

static void
test_every_row_has_a_case(void **state)
{
	(void)state;
	for (unsigned i = FIRST_ERROR; i <= LAST_WARNING; i++) {
		if ((i > LAST_ERROR && i < FIRST_WARNING) || i == EXTENSION)
			continue;
		if (!cases_of[i])
			print_error("no case for C2.%u\n", i);
		assert_int_not_equal(cases_of[i], 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases), cmocka_unit_test(test_every_row_has_a_case) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
