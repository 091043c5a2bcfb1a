/*
 * field_text.h - the value of a field as text.
 */
#ifndef REPORT_FIELD_TEXT_H
#define REPORT_FIELD_TEXT_H

#include "base/text.h"
#include "dissect/field.h"

/*
 * "10.0.0.1", "0x0800", "1460", "aa:bb:cc".  At most max_bytes of a field
 * that is bytes, and then "..."; nothing of one that was cut.  Only
 * characters that are safe everywhere.
 */
void field_text_add(struct text *out, const struct packet *p,
		    const struct field_value *v, size_t max_bytes);

#endif
