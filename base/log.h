/* log.h: one line a fact, on standard error: time level event key=value ... */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_NOTE, LOG_WARNING, LOG_FAULT };

/* Lines beneath this level are not written. Set once, before threads start. */
void log_set_level(enum log_level level);

/* Writes one line: the UTC time, the level, the event (a fixed word such as "request"), then the details,
 * which the caller gives as key=value. Control characters become '?', so that no input can forge a line. Safe
 * from any thread; a line is written whole. Never put personal data or secrets in it. */
void log_line(enum log_level level, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
