-- Numbers that nobody measured and texts that attack a terminal, for the views
-- of a database that comes from elsewhere: tests/tui_keys.sh.
UPDATE capture SET start_ns = -9223372036854775808, end_ns = 9223372036854775807,
	packets = 9223372036854775807, bytes = -1,
	source = char(27) || '[2J' || char(7, 10, 13) || 'x', status = 'what';
UPDATE sample SET
	ts_ns = CASE sample_id % 7 WHEN 0 THEN 9223372036854775807
		WHEN 1 THEN -9223372036854775808 ELSE ts_ns END,
	cwnd = CASE sample_id % 5 WHEN 0 THEN 9223372036854775807
		WHEN 1 THEN -9223372036854775808 ELSE cwnd END,
	rwnd = 9223372036854775807, snd_una = 9223372036854775807,
	srtt_ns = -1, phase = char(27) || ']52;c;eA==' || char(7);
UPDATE event SET ts_ns = CASE event_id % 2 WHEN 0 THEN -9223372036854775808
		ELSE 9223372036854775807 END,
	seq = 9223372036854775807, len = -9223372036854775808,
	detail = CASE event_id % 3 WHEN 0 THEN '{"a":' WHEN 1 THEN '[[[{"'
		ELSE '{"why":"' || char(27) || '[31m"}' END;
UPDATE limit_span SET start_ns = end_ns, end_ns = -9223372036854775808,
	cause = 'no such cause' WHERE limit_span_id % 2;
UPDATE segment SET seq = 9223372036854775807, len = 9223372036854775807,
	flags = 'XXXXXXXXXXXXXXXXXXXXXXXX', options = 'sack 1:,sack x:y,sack 9:8',
	ts_ns = -9223372036854775808 WHERE segment_id % 2;
UPDATE finding SET severity = char(27), title = char(8238) || char(155, 27),
	conn_id = 9223372036854775807 WHERE finding_id % 2;
UPDATE connection SET start_ns = -9223372036854775808,
	end_ns = 9223372036854775807, duration_ns = -1, client_port = -1,
	client_state = 'NO-STATE', state_times = '[]',
	server_addr = char(27) || 'c', first_frame = -1, last_frame = -1
	WHERE conn_id % 2;
