/*
 * votes.c - the table vantage_vote, applied to the connections.
 *
 * A vote's confidence says which connections follow it: those that are less
 * sure of themselves.  The surest votes come first, so that the others find
 * nothing left: a host's own, then its interface's, unless the host at that
 * end is known to be elsewhere.
 */
#include "base/text.h"
#include "store/votes.h"

#define FOLLOW_HOST(end) \
	"UPDATE connection SET vantage = '" end "'," \
	" vantage_confidence = v.confidence FROM vantage_vote v" \
	" WHERE connection.capture_id = %1$lld AND v.capture_id = %1$lld" \
	" AND v.place = 'here' AND v.addr = connection." end "_addr" \
	" AND v.interface = connection.interface" \
	" AND ifnull(connection.vantage_confidence, 0) < v.confidence;"

/* No host at both ends, and surely not where somebody else is. */
#define IS_ELSEWHERE(end) \
	" EXISTS (SELECT 1 FROM vantage_vote h" \
	" WHERE h.capture_id = %1$lld AND h.place = 'elsewhere'" \
	" AND h.interface = connection.interface" \
	" AND h.addr = connection." end "_addr)"

static const char follow_sql[] =
	"BEGIN;" FOLLOW_HOST("client") FOLLOW_HOST("server")
	"UPDATE connection SET vantage = v.place,"
	" vantage_confidence = v.confidence FROM vantage_vote v"
	" WHERE connection.capture_id = %1$lld AND v.capture_id = %1$lld"
	" AND v.addr IS NULL AND v.interface = connection.interface"
	" AND ifnull(connection.vantage_confidence, 0) < v.confidence"
	" AND CASE v.place WHEN 'client' THEN NOT" IS_ELSEWHERE("client")
	" WHEN 'server' THEN NOT" IS_ELSEWHERE("server") " ELSE 1 END; COMMIT;";

int
votes_follow(struct store *st, int64_t capture_id)
{
	struct text sql;
	int rc;

	text_init(&sql);
	text_printf(&sql, follow_sql, (long long)capture_id);
	rc = sql.failed ? store_fail(st, "out of memory")
			: database_exec(st, sql.s);
	text_release(&sql);
	return rc;
}
