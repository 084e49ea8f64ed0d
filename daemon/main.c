/* saker: replays captures through the rules and raises alerts. */
#include "daemon/alert.h"
#include "daemon/compile_child.h"
#include "daemon/describe.h"
#ifdef SK_HAVE_LIVE
#include "daemon/live.h"
#endif
#include "daemon/log.h"
#include "daemon/options.h"
#include "daemon/output/output.h"
#include "daemon/privileges.h"
#include "daemon/record.h"
#include "daemon/rules_load.h"
#include "daemon/seccomp.h"
#include "daemon/stats.h"
#include "daemon/why/why.h"
#include "probe/scap/scap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>

#ifndef SK_CONFIG_FILE
#define SK_CONFIG_FILE "/etc/saker/saker.yaml"
#endif

static volatile sig_atomic_t stop_signal;
static volatile sig_atomic_t reopen_signal;
static volatile sig_atomic_t reload_signal;

static void
on_signal(int sig)
{
	if (sig == SIGUSR1)
		reopen_signal = 1;
	else if (sig == SIGHUP)
		reload_signal = 1;
	else
		stop_signal = sig;
}

static void
catch_signals(void)
{
	/* The first ends a wait for events and no wait for a reader of alerts; the second ends the process. */
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
	sa.sa_flags = SA_RESTART;
	(void)sigaction(SIGUSR1, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &sa, NULL);
}

/* To a service SIGHUP is an order, and no order may end detection by accident; from a terminal it says that the user is gone. */
static void
catch_hangup(void)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (!isatty(STDIN_FILENO))
		(void)sigaction(SIGHUP, &sa, NULL);
}

static int
fail(const char *text)
{
	fprintf(stderr, "Error: %s\n", text);
	return 1;
}

/* --- one run --------------------------------------------------------------------------------------------------------------- */
struct run {
	const struct sk_options *options;
	struct sk_config config;
	struct sk_loaded rules;
	struct sk_engine *engine;
	struct sk_alerter *alerter;
	struct sk_outputs *outputs;
	struct sk_stats stats;
	struct timespec started;
	struct sk_recorder *recorder; /* NULL without -w */
	uint64_t events, first_ts;
};

static void
run_free(struct run *r)
{
	char ignored[256];

	(void)sk_recorder_close(r->recorder, ignored, sizeof(ignored));
	sk_outputs_close(r->outputs);
	sk_alerter_free(r->alerter);
	sk_engine_free(r->engine);
	sk_stats_free(&r->stats);
	sk_rules_unload(&r->rules);
	sk_config_free(&r->config);
}

static void
log_note(void *arg, const char *text)
{
	(void)arg;
	sk_log(SK_PRIO_WARNING, "%s", text);
}

static int
read_tree(const struct sk_options *o, json_t **ret, struct sk_config_error *err)
{
	const char *path = o->config_file ? o->config_file : SK_CONFIG_FILE;

	if (!o->config_file && access(path, F_OK) < 0) {
		*ret = json_object();
		return *ret ? 0 : -ENOMEM;
	}
	return sk_config_tree_read(path, ret, err);
}

static int
load_config(struct run *run)
{
	struct sk_config_error err = { "" };
	json_t *root = NULL;
	int r = read_tree(run->options, &root, &err);

	for (size_t i = 0; r == 0 && i < run->options->assignments.n; i++)
		r = sk_config_tree_set(root, run->options->assignments.v[i], &err);
	if (r == 0)
		r = sk_config_load(&run->config, root, log_note, NULL, &err);
	json_decref(root);
	if (r < 0)
		return fail(err.text);
	if (run->options->unbuffered)
		run->config.buffered_outputs = false;
	sk_log_setup(&(struct sk_log_opts){ .to_stderr = run->config.log_stderr,
					    .to_syslog = run->config.log_syslog,
					    .iso8601 = run->config.time_iso8601,
					    .level = run->config.log_level });
	return 0;
}

static int
load_rules(struct run *run)
{
	const struct sk_engine_opts opts = { .sz = sizeof(opts), .mode = run->config.matching, .base64_buffers = run->config.buffer_base64 };
	char err[512];
	int r = sk_rules_load(&run->config, &run->options->rules, run->options->extra_output, &run->rules, err, sizeof(err));

	if (r == 0)
		r = sk_engine_new(run->rules.bundle, &opts, &run->engine, err, sizeof(err));
	if (r < 0)
		return fail(*err ? err : strerror(-r));
	sk_rules_select(&run->config, &run->rules, run->engine);
	run->alerter = sk_alerter_new(&run->config, run->engine);
	if (!run->alerter || !sk_rules_append(&run->config, &run->rules, run->options->extra_output, run->alerter) ||
	    !sk_stats_init(&run->stats, sk_engine_bundle(run->engine)))
		return fail("out of memory");
	return 0;
}

static void
raise_alerts(struct run *run, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t rule = sk_engine_matches(run->engine)[i];
		struct sk_slice line = sk_alert_line(run->alerter, rule);

		sk_stats_count(&run->stats, rule);
		if (!line.p) {
			sk_log(SK_PRIO_ERROR, "out of memory: an alert is lost");
			continue;
		}
		sk_outputs_write(run->outputs, (enum sk_priority)sk_engine_bundle(run->engine)->rules[rule].priority, line.p, line.n);
	}
}

/* False when -M says that it is enough. */
static bool
within_time(struct run *run, uint64_t ts)
{
	if (!run->first_ts)
		run->first_ts = ts;
	return run->options->max_seconds <= 0 || ts < run->first_ts || (double)(ts - run->first_ts) < run->options->max_seconds * 1e9;
}

static int
replay_events(struct run *run, struct sk_scap *capture, struct sk_scap_error *err)
{
	struct sk_event ev;

	while (!stop_signal) {
		enum sk_scap_result r = sk_scap_next(capture, &ev, err);

		if (r != SK_SCAP_EVENT && stop_signal)
			break; /* it ended the wait for a pipe, not the capture */
		if (r != SK_SCAP_EVENT)
			return r == SK_SCAP_END ? 0 : -EBADMSG;
		if (!within_time(run, ev.ts))
			return 0;
		run->events++;
		uint32_t n = sk_engine_event(run->engine, &ev);
		if (n)
			raise_alerts(run, n);
		if (run->recorder)
			sk_recorder_event(run->recorder);
		if (reopen_signal) {
			reopen_signal = 0;
			sk_log(SK_PRIO_INFORMATIONAL, "SIGUSR1 received, reopening outputs...");
			sk_outputs_reopen(run->outputs);
		}
	}
	sk_log(SK_PRIO_INFORMATIONAL, "%s received, exiting...", stop_signal == SIGINT ? "SIGINT" : "SIGTERM");
	return 0;
}

/* From here on the process can do no more than this run takes; what it read until now was not hostile. */
static int
confine(const struct run *run, uint64_t keep, bool live)
{
	const struct sk_config *c = &run->config;
	const struct sk_filter_opts filter = { .bpf = live, .local = live || c->syslog_enabled || c->log_syslog, .write_files = c->file_enabled };
	uint64_t more = c->file_enabled ? sk_privileges_for_file(c->file_name) : 0;
	int r;

	if (more)
		sk_log(SK_PRIO_WARNING, "%s or its folder belongs to somebody else: CAP_DAC_OVERRIDE is kept to open it again", c->file_name);
	r = sk_privileges_drop(keep | more);
	if (r < 0) {
		sk_log(SK_PRIO_ERROR, "privileges cannot be given up: %s", strerror(-r));
		return r;
	}
	r = sk_filter_enter(&filter);
	if (r < 0)
		sk_log(SK_PRIO_WARNING, "no filter of system calls: %s", r == -ENOTSUP ? "this kernel or container has none" : strerror(-r));
	return 0;
}

/* What is read goes to a file as well, if -w says so. */
static int
start_recording(struct run *run, const char *source)
{
	const struct sk_options *o = run->options;
	const struct sk_record_opts opts = { .path = o->record_file, .gzip = o->record_gzip, .condition = o->record_condition, .source = source };
	char err[512];
	int r = o->record_file ? sk_recorder_open(&opts, run->engine, &run->recorder, err, sizeof(err)) : 0;

	return r < 0 ? fail(*err ? err : strerror(-r)) : 0;
}

static int
stop_recording(struct run *run)
{
	char err[512];
	int r = sk_recorder_close(run->recorder, err, sizeof(err));

	run->recorder = NULL;
	return r < 0 ? fail(err) : 0;
}

static int
replay(struct run *run)
{
	const char *file = run->config.capture_file;
	struct sk_list_sink sink;
	struct sk_scap_error err = { "", 0 };
	struct sk_scap *capture;
	char text[512];
	int r;

	if (!*file)
		return fail("no capture: name one with -e or engine.replay.capture_file");
	if (start_recording(run, file) || confine(run, SK_CAPS_REPLAY, false) < 0)
		return 1;
	sink = run->recorder ? sk_recorder_sink(run->recorder) : sk_engine_sink(run->engine);
	r = sk_scap_open(file, &sink, &capture, &err);
	if (r == 0) {
		r = replay_events(run, capture, &err);
		sk_scap_close(capture);
	}
	if (r < 0) {
		(void)snprintf(text, sizeof(text), "%s", *err.text ? err.text : strerror(-r));
		(void)fail(text);
	}
	return stop_recording(run) || r < 0;
}

#ifdef SK_HAVE_LIVE
static void
take_live(struct run *run, const struct sk_event *ev)
{
	uint32_t n = sk_engine_event(run->engine, ev);

	run->events++;
	if (n)
		raise_alerts(run, n);
	if (run->recorder)
		sk_recorder_event(run->recorder);
}

static bool
live_time_is_up(const struct run *run)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return run->options->max_seconds > 0 &&
	       (double)(now.tv_sec - run->started.tv_sec) + (double)(now.tv_nsec - run->started.tv_nsec) / 1e9 >= run->options->max_seconds;
}

static void
answer_signals(struct run *run)
{
	if (reopen_signal) {
		reopen_signal = 0;
		sk_log(SK_PRIO_INFORMATIONAL, "SIGUSR1 received, reopening outputs...");
		sk_outputs_reopen(run->outputs);
	}
	if (reload_signal) {
		reload_signal = 0;
		sk_log(SK_PRIO_WARNING, "SIGHUP received: rules are read at the start only; restart saker for new ones");
	}
}

/* Until a signal, or until -M says that it is enough. */
static void
watch_events(struct run *run, struct sk_live_source *source)
{
	struct sk_event ev;

	(void)clock_gettime(CLOCK_MONOTONIC, &run->started); /* to attach and to read /proc took its time */
	while (!stop_signal && !live_time_is_up(run)) {
		for (int i = 0; i < 4096 && !stop_signal && sk_live_source_next(source, &ev) > 0; i++)
			take_live(run, &ev);
		answer_signals(run);
	}
	if (stop_signal)
		sk_log(SK_PRIO_INFORMATIONAL, "%s received, exiting...", stop_signal == SIGINT ? "SIGINT" : "SIGTERM");
	/* what happened before is still told of */
	sk_live_source_stop(source);
	while (sk_live_source_rest(source, &ev) > 0)
		take_live(run, &ev);
}

static int
watch(struct run *run)
{
	struct sk_list_sink sink;
	struct sk_live_source *source;
	char err[640] = "";
	int r;

	if (start_recording(run, NULL))
		return 1;
	catch_hangup();
	sink = run->recorder ? sk_recorder_sink(run->recorder) : sk_engine_sink(run->engine);
	r = sk_live_source_open(&run->config, run->engine, &sink, run->recorder != NULL, &source, err, sizeof(err));
	if (r == 0) {
		r = confine(run, SK_CAPS_LIVE, true);
		if (r == 0)
			watch_events(run, source);
		sk_live_source_close(source);
	} else {
		(void)fail(*err ? err : strerror(-r));
	}
	return stop_recording(run) || r < 0;
}
#endif

static void
print_statistics(const struct run *run)
{
	struct timespec now;

	sk_outputs_flush(run->outputs);
	sk_stats_print(&run->stats, stdout);
	if (sk_outputs_lost(run->outputs))
		fprintf(stderr, "Alerts lost by outputs: %llu\n", (unsigned long long)sk_outputs_lost(run->outputs));
	if (!run->options->verbose)
		return;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	double elapsed = (double)(now.tv_sec - run->started.tv_sec) + (double)(now.tv_nsec - run->started.tv_nsec) / 1e9;
	fprintf(stderr, "Elapsed time: %.3f, Captured Events: %llu, %.2f eps\n", elapsed, (unsigned long long)run->events,
		elapsed > 0 ? (double)run->events / elapsed : 0.0);
}

static int
write_pidfile(const char *path)
{
	SK_AUTO_FCLOSE FILE *f = path ? fopen(path, "we") : NULL;

	if (path && (!f || fprintf(f, "%ld\n", (long)getpid()) < 0))
		return fail("the pid file cannot be written");
	return 0;
}

static int
run_engine(struct run *run)
{
	char err[512] = "";
	int r;

	if (run->options->record_file && run->config.kind == SK_KIND_NODRIVER)
		return fail("-w writes what is read: name a capture with -e, or set engine.kind=modern_ebpf");
	r = sk_outputs_open(&run->config, &run->outputs, err, sizeof(err));

	if (r < 0)
		return fail(*err ? err : strerror(-r));
	catch_signals();
	if (write_pidfile(run->options->pidfile))
		return 1;
	(void)clock_gettime(CLOCK_MONOTONIC, &run->started);
	r = run->config.kind == SK_KIND_REPLAY ? replay(run) : 0;
#ifdef SK_HAVE_LIVE
	if (run->config.kind == SK_KIND_LIVE)
		r = watch(run);
#endif
	print_statistics(run);
	return r;
}

/* --- what is not a run ----------------------------------------------------------------------------------------------------- */
static int
list_rules(const struct run *run)
{
	const char *wanted = run->options->one_rule;
	struct sk_buf out = { 0 };
	char why[512];
	int r = 0;

	if (sk_describe_rules(sk_engine_bundle(run->engine), wanted, run->config.json_output, &out))
		(void)fwrite(sk_buf_cstr(&out), 1, out.n, stdout);
	else
		r = -ENOENT;
	sk_buf_free(&out);
	if (r == 0)
		return 0;
	(void)snprintf(why, sizeof(why), "cannot describe rule '%s': no such rule", wanted);
	return fail(why);
}

static int
print_version(bool json)
{
	if (json)
		printf("{\"engine_version_semver\":\"0.62.0\",\"saker_version\":\"%s\",\"schema_version\":%u}\n", SK_VERSION, SK_SCHEMA_VERSION);
	else
		printf("Saker version: %s\nEngine:        0.62.0\nSchema:        %u\nDispatch:      %s\n", SK_VERSION, SK_SCHEMA_VERSION, sk_vm_dispatch());
	return 0;
}

/* What the configuration says of json_output. A version is printed whatever is wrong with the rest. */
static bool
json_wanted(const struct sk_options *o)
{
	struct sk_config_error err;
	struct sk_config c = { 0 };
	json_t *root = NULL;
	int r = read_tree(o, &root, &err);

	for (size_t i = 0; r == 0 && i < o->assignments.n; i++)
		r = sk_config_tree_set(root, o->assignments.v[i], &err);
	if (r == 0)
		(void)sk_config_load(&c, root, NULL, NULL, &err);
	bool json = c.json_output;
	json_decref(root);
	sk_config_free(&c);
	return json;
}

/* Tables and rule files are the compiler's business: become sakerc FIRST SECOND FORM ARGS; what is NULL is left out. */
static int
become_compiler(const char *first, const char *second, const char *form, const struct sk_strings *args)
{
	const char **argv = calloc(args->n + 4, sizeof(*argv));
	size_t k = 0;

	if (!argv)
		return fail("out of memory");
	argv[k++] = first;
	if (second)
		argv[k++] = second;
	if (form)
		argv[k++] = form;
	for (size_t i = 0; i < args->n; i++)
		argv[k++] = args->v[i];
	sk_compiler_exec(argv);
	free(argv);
	return fail("sakerc is not found beside this program nor in PATH");
}

/* What lacks is said before a minute is spent on rules. */
static int
may_run(const struct run *run)
{
	char err[768];

	if (run->config.kind != SK_KIND_LIVE || run->options->action != SK_ACTION_RUN || run->options->dry_run)
		return 0;
	return sk_privileges_check(err, sizeof(err)) < 0 ? fail(err) : 0;
}

/* The compiler knows all of them and what they use; a bundle, only the rules that it runs. */
static int
describe_as_json(const struct run *run, const struct sk_strings *files)
{
	struct sk_buf only = { 0 };
	int r;

	if (run->options->one_rule)
		sk_buf_printf(&only, "--only=%s", run->options->one_rule);
	r = become_compiler("describe", run->options->one_rule ? sk_buf_cstr(&only) : NULL, "--", files);
	sk_buf_free(&only);
	return r;
}

static int
list(struct run *run)
{
	struct sk_strings files = { 0 };
	int r;

	if (run->config.json_output && !sk_rules_sources(&run->config, &run->options->rules, &files))
		return fail("out of memory");
	r = files.n ? describe_as_json(run, &files) : load_rules(run);
	sk_strings_free(&files);
	return r == 0 ? list_rules(run) : r;
}

static int
run_or_list(const struct sk_options *o)
{
	struct run run = { .options = o };
	int r = load_config(&run);

	if (r == 0)
		r = may_run(&run);
	if (r == 0 && o->action == SK_ACTION_LIST_RULES)
		r = list(&run);
	else if (r == 0)
		r = load_rules(&run);
	if (r == 0 && o->action != SK_ACTION_LIST_RULES && !o->dry_run)
		r = run_engine(&run);
	run_free(&run);
	return r;
}

static int
explain(const struct sk_options *o)
{
	struct run run = { .options = o };
	int r = load_config(&run);

	if (r == 0)
		r = sk_why(o, &run.config);
	run_free(&run);
	return r;
}

static int
act(const struct sk_options *o)
{
	switch (o->action) {
	case SK_ACTION_HELP: sk_options_usage(stdout); return 0;
	case SK_ACTION_VERSION: return print_version(json_wanted(o));
	case SK_ACTION_PAGE_SIZE: printf("Your system page size is: %ld bytes\n", sysconf(_SC_PAGESIZE)); return 0;
	case SK_ACTION_LIST_FIELDS: return become_compiler("list", "fields", json_wanted(o) ? "--format=json" : NULL, &o->list_args);
	case SK_ACTION_LIST_EVENTS: return become_compiler("list", "events", json_wanted(o) ? "--format=json" : NULL, &o->list_args);
	case SK_ACTION_VALIDATE: return become_compiler("check", json_wanted(o) ? "--format=falco-json" : "--format=falco", "--", &o->validate);
	case SK_ACTION_CONFIG_SCHEMA: return become_compiler("schema", "config", NULL, &o->list_args);
	case SK_ACTION_RULE_SCHEMA: return become_compiler("schema", "rules", NULL, &o->list_args);
	case SK_ACTION_WHY: return explain(o);
	case SK_ACTION_LIST_RULES:
	case SK_ACTION_RUN: break;
	}
	return run_or_list(o);
}

/* Descriptors 0 to 2 are open, if only on nothing: else the next file that is opened takes the place, and gets what is meant for it. */
static void
open_standard_descriptors(void)
{
	int fd = open("/dev/null", O_RDONLY);

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/dev/null", O_RDONLY);
	if (fd >= 0)
		(void)close(fd);
}

int
main(int argc, char **argv)
{
	struct sk_options options;
	int r;

	open_standard_descriptors();
	sk_privileges_begin();
	(void)signal(SIGCHLD, SIG_DFL); /* who ignores it never learns how the compiler ended */
	r = sk_options_parse(argc, argv, &options);

	r = r < 0 ? 2 : act(&options);
	sk_options_free(&options);
	return r;
}
