/* All programs of the live probe, one object: the dispatcher of system calls, a program a call, and the other hooks. */
// SPDX-License-Identifier: MIT OR GPL-2.0-only
#include "dispatch.h"
#include "finish.h"
#include "trace.h"

#include "calls_fd.h"
#include "calls_ids.h"
#include "calls_io.h"
#include "calls_memory.h"
#include "calls_misc.h"
#include "calls_open.h"
#include "calls_path.h"
#include "calls_process.h"
#include "calls_socket.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";
