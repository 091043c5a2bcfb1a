/*
 * tcp_option.h - kinds of TCP options (IANA: tcp-parameters), for who reads
 * them and for who names them.
 */
#ifndef DISSECT_TCP_OPTION_H
#define DISSECT_TCP_OPTION_H

enum tcp_option_kind {
	KIND_EOL = 0,
	KIND_NOP = 1,
	KIND_MSS = 2,
	KIND_WSCALE = 3,
	KIND_SACK_PERM = 4,
	KIND_SACK = 5,
	KIND_TS = 8,
	KIND_MD5 = 19,
	KIND_USER_TIMEOUT = 28,
	KIND_AO = 29,
	KIND_MPTCP = 30,
	KIND_FASTOPEN = 34,
	KIND_ACCECN0 = 172,
	KIND_ACCECN1 = 174,
	KIND_EXPERIMENT1 = 253,
	KIND_EXPERIMENT2 = 254,
	EXID_FASTOPEN = 0xf989,	/* of an experiment (RFC 6994) */
};

#endif
