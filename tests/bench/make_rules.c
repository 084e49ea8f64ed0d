/* usage: make_rules N: a rule file of N rules on standard output, of the mix that big deployments have: lists of programs and paths, macros that use macros,
 * rules for one path or one program each, some for addresses, ports, patterns and exceptions. The same N gives the same bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct dice {
	uint64_t state;
};

/* A number below N, from a linear congruential sequence. */
static unsigned
roll(struct dice *d, unsigned n)
{
	d->state = d->state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(d->state >> 33) % n;
}

static void
print_lists(struct dice *d, unsigned lists)
{
	for (unsigned i = 0; i < lists; i++) {
		printf("- list: programs_%u\n  items: [", i);
		for (unsigned k = 0, n = 3 + roll(d, 20); k < n; k++)
			printf("%stool%u", k ? ", " : "", roll(d, 2000));
		printf("]\n- list: folders_%u\n  items: [", i);
		for (unsigned k = 0, n = 2 + roll(d, 6); k < n; k++)
			printf("%s/srv/app%u/data%u", k ? ", " : "", roll(d, 500), k);
		printf("]\n");
	}
}

static void
print_macros(unsigned lists)
{
	printf("- macro: started\n  condition: (evt.type in (execve, execveat) and evt.failed = false)\n"
	       "- macro: opened\n  condition: (evt.type in (open, openat, openat2) and fd.num >= 0)\n"
	       "- macro: opened_to_write\n  condition: (opened and evt.is_open_write = true)\n"
	       "- macro: opened_to_read\n  condition: (opened and evt.is_open_read = true)\n"
	       "- macro: in_container\n  condition: (container.id != host)\n");
	for (unsigned i = 0; i < lists; i++)
		printf("- macro: allowed_%u\n  condition: (proc.name in (programs_%u) or proc.pname in (programs_%u))\n", i, i, (i + 1) % lists);
}

static void
print_condition(struct dice *d, unsigned i, unsigned lists)
{
	switch (roll(d, 8)) {
	case 0:
		printf("started and proc.name = tool%u and proc.args contains \"--option%u\" and not allowed_%u", i, i, roll(d, lists));
		break;
	case 1:
		printf("opened_to_write and fd.name startswith /srv/app%u/conf%u/ and not allowed_%u", i % 700, i, roll(d, lists));
		break;
	case 2:
		printf("opened_to_read and fd.name in (/etc/app%u/secret, /etc/app%u/key, /root/.app%u) and not proc.name in (programs_%u)", i, i, i, roll(d, lists));
		break;
	case 3:
		printf("evt.type = connect and fd.sip = \"10.%u.%u.%u\" and fd.sport = %u", i >> 16 & 255, i >> 8 & 255, i & 255, 1024 + i % 60000);
		break;
	case 4:
		printf("started and in_container and container.image.repository = registry.test/team/app%u and proc.pname != tool%u", i, roll(d, 2000));
		break;
	case 5:
		printf("opened_to_write and fd.name pmatch (folders_%u) and fd.name endswith .so%u and user.uid != %u", roll(d, lists), i, i % 1000);
		break;
	case 6:
		printf("started and (proc.exepath startswith /opt/vendor%u/ or proc.cmdline glob \"*--job=%u*\") and not allowed_%u", i, i, roll(d, lists));
		break;
	default:
		printf("evt.type in (unlink, unlinkat, rename, renameat) and fs.path.name startswith /var/lib/app%u/ and proc.aname != tool%u", i, roll(d, 2000));
	}
}

int
main(int argc, char **argv)
{
	unsigned n = argc == 2 ? (unsigned)atoi(argv[1]) : 0, lists = n / 50 + 2;
	struct dice d = { 20240229 };

	if (!n) {
		fprintf(stderr, "usage: make_rules N\n");
		return 2;
	}
	print_lists(&d, lists);
	print_macros(lists);
	for (unsigned i = 0; i < n; i++) {
		printf("- rule: Rule %u of the bench\n  desc: Something that program %u should not do.\n  condition: ", i, i);
		print_condition(&d, i, lists);
		printf("\n  output: Seen by rule %u (file=%%fd.name process=%%proc.name cmdline=%%proc.cmdline user=%%user.name container=%%container.id)\n"
		       "  priority: %s\n  tags: [bench, team%u]\n",
		       i, roll(&d, 2) ? "WARNING" : "NOTICE", i % 20);
	}
	return 0;
}
