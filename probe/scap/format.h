/* Numbers of the capture format that reader and writer share. */
#ifndef SK_SCAP_FORMAT_H
#define SK_SCAP_FORMAT_H

#include <stdint.h>

/* Layout of an event block: the header tells the number of parameters; 32 bits of flags stand before it; may exceed 64 KiB. */
#define SK_EV_COUNTED 1u
#define SK_EV_FLAGS 2u
#define SK_EV_LARGE 4u

enum sk_block_kind {
	SK_BLOCK_UNKNOWN,
	SK_BLOCK_SECTION,
	SK_BLOCK_MACHINE,
	SK_BLOCK_PROCS,
	SK_BLOCK_FDS,
	SK_BLOCK_IFACES,
	SK_BLOCK_USERS,
	SK_BLOCK_EVENT
};

enum sk_block_type {
#define SK_BLOCK(num, name, kind, version) SK_BT_##name = (num),
#define SK_BLOCK_OLD(num, kind, version)
#include "probe/scap/blocks.def"
#undef SK_BLOCK
#undef SK_BLOCK_OLD
};

/* A block is type, length, body padded to 4 bytes, length again; both lengths count all of it. */
#define SK_BLOCK_HEAD 8u
#define SK_BLOCK_FRAME 12u
#define SK_SECTION_BODY 16u
#define SK_SECTION_MAGIC 0x1A2B3C4Du
#define SK_SECTION_MAJOR 1u
#define SK_SECTION_MINOR 2u
#define SK_MACHINE_BODY 180u
#define SK_MACHINE_HOSTNAME 128u

/* Types of interface entries; those without the speed of the link are only read. */
enum sk_iface_type { SK_IFACE_IPV4 = 1, SK_IFACE_IPV6, SK_IFACE_IPV4_NO_SPEED, SK_IFACE_IPV6_NO_SPEED };
/* Kinds of entries of user lists: 0 is a user, anything else a group. */
#define SK_KIND_USER 0u
#define SK_KIND_GROUP 1u

/* Bit of the flags of an event block: SK_EVENT_STATE_ONLY. */
#define SK_DUMP_STATE_ONLY 1u

/* Event header: ts, tid, len, type and, in counted blocks, the number of parameters. */
#define SK_EVENT_HEAD_V1 22u
#define SK_EVENT_HEAD_V2 26u
/* Body of an event block that is not large. */
#define SK_EVENT_BODY_MAX 65536u

/* Process entries of version 9 gained two fields in the middle. An entry with at most this many bytes after its root directory
 * (loginuid, exe_writable, three capability sets) is from before. */
#define SK_PROC_SHORT_TAIL 29u

#endif
