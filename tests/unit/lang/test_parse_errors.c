/*
 * What a wrong script is told: the whole message, for every kind of mistake.  The corrected line is
 * part of it wherever one edit mends the line; each was put back and parsed before it was offered.
 */
#include "tests/unit/lang/lang_test.h"

/* an option without its "with" */
static void mistake_an_option_without_its_with(void **state)
{
	(void)state;
	CHECK_MESSAGE("cox os ~ arm, ties=efron",
	              "error: an option must follow \"with\", found \"ties\"  [E-SYN-012]\n"
	              "  cox os ~ arm, ties=efron\n"
	              "                ^~~~\n"
	              "  did you mean:  cox os ~ arm with ties=efron\n");
	CHECK_MESSAGE("cox os ~ arm ties=efron",
	              "error: an option must follow \"with\", found \"ties\"  [E-SYN-012]\n"
	              "  cox os ~ arm ties=efron\n"
	              "               ^~~~\n"
	              "  did you mean:  cox os ~ arm with ties=efron\n");
	CHECK_MESSAGE("table1 age, sex, test=no by rx",
	              "error: an option must follow \"with\", found \"test\"  [E-SYN-012]\n"
	              "  table1 age, sex, test=no by rx\n"
	              "                   ^~~~\n"
	              "  did you mean:  table1 age, sex by rx with test=no\n");
	CHECK_MESSAGE("km os by rx, risktable=yes",
	              "error: an option must follow \"with\", found \"risktable\"  [E-SYN-012]\n"
	              "  km os by rx, risktable=yes\n"
	              "               ^~~~~~~~~\n"
	              "  did you mean:  km os by rx with risktable=yes\n");
	CHECK_MESSAGE("km os risktable",
	              "error: an option must follow \"with\", found \"risktable\"  [E-SYN-012]\n"
	              "  km os risktable\n"
	              "        ^~~~~~~~~\n"
	              "  did you mean:  km os with risktable\n");
	CHECK_MESSAGE("open \"a.cohort\" profile=strict",
	              "error: an option must follow \"with\", found \"profile\"  [E-SYN-012]\n"
	              "  open \"a.cohort\" profile=strict\n"
	              "                  ^~~~~~~\n"
	              "  did you mean:  open \"a.cohort\" with profile=strict\n");
	CHECK_MESSAGE("cohort c:\n  exit stop rx(a) gap=30d\nend",
	              "line 2: an option must follow \"with\", found \"gap\"  [E-SYN-012]\n"
	              "  exit stop rx(a) gap=30d\n"
	              "                  ^~~\n"
	              "  did you mean:  exit stop rx(a) with gap=30d\n");
	CHECK_MESSAGE("cox os ~ a with ties=efron se=robust",
	              "error: expected a comma before the option \"se\"  [E-SYN-030]\n"
	              "  cox os ~ a with ties=efron se=robust\n"
	              "                             ^~\n"
	              "  did you mean:  cox os ~ a with ties=efron, se=robust\n");
	CHECK_MESSAGE("cox os ~ a with ties=efron with se=robust",
	              "error: \"with\" stands once; options are separated by commas  [E-SYN-024]\n"
	              "  cox os ~ a with ties=efron with se=robust\n"
	              "                             ^~~~\n"
	              "  did you mean:  cox os ~ a with ties=efron, se=robust\n");
	CHECK_MESSAGE("missing pattern=yes",
	              "error: an option must follow \"with\", found \"pattern\"  [E-SYN-012]\n"
	              "  missing pattern=yes\n"
	              "          ^~~~~~~\n"
	              "  did you mean:  missing with pattern=yes\n");
}

/* comparisons */
static void mistake_comparisons(void **state)
{
	(void)state;
	CHECK_MESSAGE("cohort a:\n  require 18 <= age <= 65\nend",
	              "line 2: comparisons do not chain  [E-SYN-014]\n"
	              "  require 18 <= age <= 65\n"
	              "                    ^~\n"
	              "  did you mean:  require age in [18, 65]\n");
	CHECK_MESSAGE("cohort a:\n  require 65 >= age >= 18\nend",
	              "line 2: comparisons do not chain  [E-SYN-014]\n"
	              "  require 65 >= age >= 18\n"
	              "                    ^~\n"
	              "  did you mean:  require age in [18, 65]\n");
	CHECK_MESSAGE("cohort a:\n  require 18 < age <= 65\nend",
	              "line 2: comparisons do not chain  [E-SYN-014]\n"
	              "  require 18 < age <= 65\n"
	              "                   ^~\n"
	              "  did you mean:  require 18 < age and age <= 65\n");
	CHECK_MESSAGE("let x = a = b = c",
	              "error: comparisons do not chain  [E-SYN-014]\n"
	              "  let x = a = b = c\n"
	              "                ^\n"
	              "  did you mean:  let x = a = b and b = c\n");
	CHECK_MESSAGE("let x = a == 3",
	              "error: \"==\" is not an operator here; it is written \"=\"  [E-SYN-013]\n"
	              "  let x = a == 3\n"
	              "            ^~\n"
	              "  did you mean:  let x = a = 3\n");
	CHECK_MESSAGE("let x = a <> 3 && b",
	              "error: \"<>\" is not an operator here; it is written \"!=\"  [E-SYN-013]\n"
	              "  let x = a <> 3 && b\n"
	              "            ^~\n"
	              "  did you mean:  let x = a != 3 and b\n");
	CHECK_MESSAGE("let x = a => 3",
	              "error: \"=>\" is not an operator here; it is written \">=\"  [E-SYN-013]\n"
	              "  let x = a => 3\n"
	              "            ^~\n"
	              "  did you mean:  let x = a >= 3\n");
	CHECK_MESSAGE("let x = !a",
	              "error: \"!\" is not an operator here; it is written \"not\"  [E-SYN-013]\n"
	              "  let x = !a\n"
	              "          ^\n"
	              "  did you mean:  let x = not a\n");
	CHECK_MESSAGE("let x = a not in (1, 2)",
	              "error: \"not\" stands before the whole condition  [E-SYN-041]\n"
	              "  let x = a not in (1, 2)\n"
	              "            ^~~\n"
	              "  did you mean:  let x = not a in (1, 2)\n");
}

/* missing values */
static void mistake_missing_values(void **state)
{
	(void)state;
	CHECK_MESSAGE("let x = chol = missing",
	              "error: nothing is equal to missing; missing values are found by \"is missing\"  [E-SYN-015]\n"
	              "  let x = chol = missing\n"
	              "               ^~~~~~~~~\n"
	              "  did you mean:  let x = chol is missing\n");
	CHECK_MESSAGE("let x = chol!=missing",
	              "error: nothing is equal to missing; missing values are found by \"is missing\"  [E-SYN-015]\n"
	              "  let x = chol!=missing\n"
	              "              ^~~~~~~~~\n"
	              "  did you mean:  let x = chol is not missing\n");
	CHECK_MESSAGE("let x = missing(chol)",
	              "error: missing values are found by \"is missing\"  [E-SYN-015]\n"
	              "  let x = missing(chol)\n"
	              "          ^~~~~~~\n"
	              "  did you mean:  let x = chol is missing\n");
	CHECK_MESSAGE("let x = is.na(chol)",
	              "error: missing values are found by \"is missing\"  [E-SYN-015]\n"
	              "  let x = is.na(chol)\n"
	              "          ^~~~~\n"
	              "  did you mean:  let x = chol is missing\n");
	CHECK_MESSAGE("let x = chol is null",
	              "error: expected \"missing\", found \"null\"  [E-SYN-030]\n"
	              "  let x = chol is null\n"
	              "                  ^~~~\n"
	              "  did you mean:  let x = chol is missing\n");
	CHECK_MESSAGE("let x = chol > missing",
	              "error: nothing is equal to missing; missing values are found by \"is missing\"  [E-SYN-015]\n"
	              "  let x = chol > missing\n"
	              "               ^~~~~~~~~\n");
}

/* conditions where names are wanted */
static void mistake_conditions_where_names_are_wanted(void **state)
{
	(void)state;
	CHECK_MESSAGE("tab chol is missing",
	              "error: tab takes names here, not a condition  [E-SYN-016]\n"
	              "  tab chol is missing\n"
	              "           ^~\n"
	              "  did you mean:  let chol_missing = chol is missing; tab chol_missing\n");
	CHECK_MESSAGE("tab chol > 5 by sex",
	              "error: tab takes names here, not a condition  [E-SYN-016]\n"
	              "  tab chol > 5 by sex\n"
	              "           ^\n"
	              "  did you mean:  let chol_group = chol > 5; tab chol_group by sex\n");
	CHECK_MESSAGE("count chol is missing",
	              "error: count takes names here, not a condition  [E-SYN-016]\n"
	              "  count chol is missing\n"
	              "             ^~\n"
	              "  did you mean:  count where chol is missing\n");
	CHECK_MESSAGE("tab low if smoke = 1",
	              "error: rows are chosen by \"where\", not by \"if\"  [E-SYN-027]\n"
	              "  tab low if smoke = 1\n"
	              "          ^~\n"
	              "  did you mean:  tab low where smoke = 1\n");
}

/* durations, windows and fractions */
static void mistake_durations_windows_and_fractions(void **state)
{
	(void)state;
	CHECK_MESSAGE("cohort c:\n  exclude any dx(af) in [-365, -1d]\nend",
	              "line 2: a length of time needs a unit: d, w, m or y  [E-SYN-017]\n"
	              "  exclude any dx(af) in [-365, -1d]\n"
	              "                         ^~~~\n"
	              "  did you mean:  exclude any dx(af) in [-365d, -1d]\n");
	CHECK_MESSAGE("cohort c:\n  exclude any dx(af) in [-365d, 0]\nend",
	              "line 2: a length of time needs a unit: d, w, m or y  [E-SYN-017]\n"
	              "  exclude any dx(af) in [-365d, 0]\n"
	              "                                ^\n"
	              "  did you mean:  exclude any dx(af) in [-365d, 0d]\n");
	CHECK_MESSAGE("endpoint e:\n  until 36\nend",
	              "line 2: a length of time needs a unit: d, w, m or y  [E-SYN-017]\n"
	              "  until 36\n"
	              "        ^~\n"
	              "  did you mean:  until 36d\n");
	CHECK_MESSAGE("cohort c:\n  exit stop rx(a) with gap=(14, 30)\nend",
	              "line 2: a length of time needs a unit: d, w, m or y  [E-SYN-017]\n"
	              "  exit stop rx(a) with gap=(14, 30)\n"
	              "                            ^~\n"
	              "  did you mean:  exit stop rx(a) with gap=(14d, 30d)\n");
	CHECK_MESSAGE("km os with at=soon",
	              "error: at= wants a time such as 5y, or a number in the unit shown  [E-SYN-022]\n"
	              "  km os with at=soon\n"
	              "                ^~~~\n");
	CHECK_MESSAGE("km os with quantiles=50",
	              "error: quantiles= is a fraction between 0 and 1, not a percentage  [E-SYN-018]\n"
	              "  km os with quantiles=50\n"
	              "                       ^~\n"
	              "  did you mean:  km os with quantiles=0.5\n");
	CHECK_MESSAGE("km os with quantiles=(25, 50)",
	              "error: quantiles= is a fraction between 0 and 1, not a percentage  [E-SYN-018]\n"
	              "  km os with quantiles=(25, 50)\n"
	              "                        ^~\n"
	              "  did you mean:  km os with quantiles=(0.25, 0.5)\n");
	CHECK_MESSAGE("km os with conf=95",
	              "error: conf= is a fraction between 0 and 1, not a percentage  [E-SYN-018]\n"
	              "  km os with conf=95\n"
	              "                  ^~\n"
	              "  did you mean:  km os with conf=0.95\n");
	CHECK_MESSAGE("km os with conf=-1",
	              "error: conf= is a fraction between 0 and 1, not a percentage  [E-SYN-018]\n"
	              "  km os with conf=-1\n"
	              "                  ^~\n");
	CHECK_MESSAGE("let x = 30days",
	              "error: \"30days\" is neither a number nor a duration  [E-SYN-009]\n"
	              "  let x = 30days\n"
	              "          ^~~~~~\n"
	              "  did you mean:  let x = 30d\n"
	              "  units are d, w, m and y: 30d, 12m; a name begins with a letter or _, or stands in back-quotes\n");
	CHECK_MESSAGE("let x = 12x",
	              "error: \"12x\" is neither a number nor a duration  [E-SYN-009]\n"
	              "  let x = 12x\n"
	              "          ^~~\n"
	              "  units are d, w, m and y: 30d, 12m; a name begins with a letter or _, or stands in back-quotes\n");
	CHECK_MESSAGE("param d = 2023-02-30",
	              "error: there is no such day as 2023-02-30  [E-SYN-010]\n"
	              "  param d = 2023-02-30\n"
	              "            ^~~~~~~~~~\n"
	              "  did you mean:  param d = 2023-02-28\n");
	CHECK_MESSAGE("param d = 2023-13-01",
	              "error: there is no such day as 2023-13-01  [E-SYN-010]\n"
	              "  param d = 2023-13-01\n"
	              "            ^~~~~~~~~~\n"
	              "  a date is written year-month-day: 2024-09-30\n");
	CHECK_MESSAGE("let x = 5.",
	              "error: \"5.\" is not a number  [E-SYN-009]\n"
	              "  let x = 5.\n"
	              "          ^~\n"
	              "  did you mean:  let x = 5\n");
	CHECK_MESSAGE("let x = 1e999",
	              "error: the number \"1e999\" is too large  [E-SYN-009]\n"
	              "  let x = 1e999\n"
	              "          ^~~~~\n");
}

/* names nobody knows */
static void mistake_names_nobody_knows(void **state)
{
	(void)state;
	CHECK_MESSAGE("kn os",
	              "error: there is no verb \"kn\"  [E-SYN-019]\n"
	              "  kn os\n"
	              "  ^~\n"
	              "  did you mean:  km os\n");
	CHECK_MESSAGE("coxph os ~ x",
	              "error: there is no verb \"coxph\"  [E-SYN-019]\n"
	              "  coxph os ~ x\n"
	              "  ^~~~~\n"
	              "  did you mean:  cox os ~ x\n");
	CHECK_MESSAGE("frobnicate os",
	              "error: there is no verb \"frobnicate\"  [E-SYN-019]\n"
	              "  frobnicate os\n"
	              "  ^~~~~~~~~~\n"
	              "  \"help\" lists the verbs\n");
	CHECK_MESSAGE("km os with risktabel",
	              "error: km has no option \"risktabel\"  [E-SYN-020]\n"
	              "  km os with risktabel\n"
	              "             ^~~~~~~~~\n"
	              "  did you mean:  km os with risktable\n");
	CHECK_MESSAGE("km os with zzz",
	              "error: km has no option \"zzz\"  [E-SYN-020]\n"
	              "  km os with zzz\n"
	              "             ^~~\n"
	              "  its options: method, ci, conf, band, over, quantiles, qrule, beyond, at, measure, adjust, given, landmark, risktable, steps, weight, freq\n");
	CHECK_MESSAGE("undo with x",
	              "error: undo takes no options, found \"x\"  [E-SYN-020]\n"
	              "  undo with x\n"
	              "            ^\n");
	CHECK_MESSAGE("km os with ci=log-log",
	              "error: words have no hyphen  [E-SYN-011]\n"
	              "  km os with ci=log-log\n"
	              "                   ^\n"
	              "  did you mean:  km os with ci=loglog\n");
	CHECK_MESSAGE("km os with ci=loglg",
	              "error: ci= does not know \"loglg\"  [E-SYN-021]\n"
	              "  km os with ci=loglg\n"
	              "                ^~~~~\n"
	              "  did you mean:  km os with ci=loglog\n"
	              "  it takes: plain, log, loglog, logit, arcsin, none\n");
	CHECK_MESSAGE("km os with ci=zzz",
	              "error: ci= does not know \"zzz\"  [E-SYN-021]\n"
	              "  km os with ci=zzz\n"
	              "                ^~~\n"
	              "  it takes: plain, log, loglog, logit, arcsin, none\n");
	CHECK_MESSAGE("km os with ci",
	              "error: ci= needs a value  [E-SYN-022]\n"
	              "  km os with ci\n"
	              "             ^~\n"
	              "  it takes: plain, log, loglog, logit, arcsin, none\n");
	CHECK_MESSAGE("km os with conf=high",
	              "error: conf= wants a fraction between 0 and 1  [E-SYN-022]\n"
	              "  km os with conf=high\n"
	              "                  ^~~~\n");
	CHECK_MESSAGE("km os with risktable=3",
	              "error: risktable= wants yes or no  [E-SYN-022]\n"
	              "  km os with risktable=3\n"
	              "                       ^\n");
	CHECK_MESSAGE("cox os ~ a with boot=2.5",
	              "error: boot= wants a whole number  [E-SYN-022]\n"
	              "  cox os ~ a with boot=2.5\n"
	              "                       ^~~\n");
	CHECK_MESSAGE("km os wth ci=log",
	              "error: there is no clause \"wth\"  [E-SYN-027]\n"
	              "  km os wth ci=log\n"
	              "        ^~~\n"
	              "  did you mean:  km os with ci=log\n");
	CHECK_MESSAGE("cohort a:\n  reqiure age > 3\nend",
	              "line 2: \"reqiure\" is no clause of a cohort block  [E-SYN-027]\n"
	              "  reqiure age > 3\n"
	              "  ^~~~~~~\n"
	              "  did you mean:  require age > 3\n");
	CHECK_MESSAGE("cohort a:\n  zzz age > 3\nend",
	              "line 2: \"zzz\" is no clause of a cohort block  [E-SYN-027]\n"
	              "  zzz age > 3\n"
	              "  ^~~\n"
	              "  its clauses: enter, require, exclude, exit, episodes, limit\n");
	CHECK_MESSAGE("cohort a:\n  event x = 1\nend",
	              "line 2: \"event\" is no clause of a cohort block; it belongs in a block: endpoint  [E-SYN-027]\n"
	              "  event x = 1\n"
	              "  ^~~~~\n");
	CHECK_MESSAGE("use a b",
	              "error: expected the end of the line, found \"b\"  [E-SYN-030]\n"
	              "  use a b\n"
	              "        ^\n");
}

/* blocks */
static void mistake_blocks(void **state)
{
	(void)state;
	CHECK_MESSAGE("cohort a:\n  require age > 3\ntable1 age",
	              "line 3: the cohort block \"a\" of line 1 has no \"end\" before \"table1\"  [E-SYN-026]\n"
	              "  table1 age\n"
	              "  ^~~~~~\n"
	              "  close it by a line that says: end\n");
	CHECK_MESSAGE("cohort a:\n  require age > 3\n",
	              "line 1: the cohort block \"a\" has no \"end\"  [E-SYN-026]\n"
	              "  cohort a:\n"
	              "  ^~~~~~\n"
	              "  close it by a line that says: end\n");
	CHECK_MESSAGE("cohort a\n  require age > 3\nend",
	              "line 1: expected \":\" behind the name, found the end of the line  [E-SYN-030]\n"
	              "  cohort a\n"
	              "          ^\n"
	              "  did you mean:  cohort a:\n");
	CHECK_MESSAGE("end",
	              "error: \"end\" closes no block here  [E-SYN-037]\n"
	              "  end\n"
	              "  ^~~\n");
	CHECK_MESSAGE("require age > 3",
	              "error: \"require\" belongs in a block: cohort  [E-SYN-038]\n"
	              "  require age > 3\n"
	              "  ^~~~~~~\n"
	              "  cohort NAME:  then one clause a line, then \"end\"\n");
	CHECK_MESSAGE("cohort a:\n  enter rx(w)\nend",
	              "line 2: which of several? expected first, last, every, min, max, mean, sum, any or count, found \"rx\"  [E-SYN-034]\n"
	              "  enter rx(w)\n"
	              "        ^~\n"
	              "  did you mean:  enter first rx(w)\n");
	CHECK_MESSAGE("cohort a:\n  require rx(w) in [0d, 1d]\nend",
	              "line 2: a rule on events says any, none, count or value first, found \"rx\"  [E-SYN-034]\n"
	              "  require rx(w) in [0d, 1d]\n"
	              "          ^~\n"
	              "  did you mean:  require any rx(w) in [0d, 1d]\n");
	CHECK_MESSAGE("cohort a:\n  require any rx(w)\nend",
	              "line 2: expected a window: in [-365d, 0d], found the end of the line  [E-SYN-030]\n"
	              "  require any rx(w)\n"
	              "                   ^\n");
	CHECK_MESSAGE("cohort a:\n  require any death in [0d, 1d]\nend",
	              "line 2: expected an event such as dx(...), rx(...), lab(...), visit(...) or death(), found \"death\"  [E-SYN-030]\n"
	              "  require any death in [0d, 1d]\n"
	              "              ^~~~~\n"
	              "  did you mean:  require any death() in [0d, 1d]\n");
	CHECK_MESSAGE("cohort a:\n  exit rx(w)\nend",
	              "line 2: expected observation, death, on EVENT, after DURATION, date DATE or stop EVENT, found \"rx\"  [E-SYN-030]\n"
	              "  exit rx(w)\n"
	              "       ^~\n"
	              "  did you mean:  exit on rx(w)\n");
	CHECK_MESSAGE("cohort a:\n  require age > 3 extra\nend",
	              "line 2: expected the end of the clause, found \"extra\"  [E-SYN-030]\n"
	              "  require age > 3 extra\n"
	              "                  ^~~~~\n");
	CHECK_MESSAGE("endpoint e:\n  event \"x\" status = 1\nend",
	              "line 2: expected \":\" behind the label, found \"status\"  [E-SYN-030]\n"
	              "  event \"x\" status = 1\n"
	              "            ^~~~~~\n");
	CHECK_MESSAGE("endpoint e:\n  time 3\nend",
	              "line 2: expected the column of times or dates, found \"3\"  [E-SYN-030]\n"
	              "  time 3\n"
	              "       ^\n");
	CHECK_MESSAGE("let x = rx(a)",
	              "error: rx(...) picks records and is not a part of a condition  [E-SYN-035]\n"
	              "  let x = rx(a)\n"
	              "          ^~\n"
	              "  in a cohort:  require any rx(...) in [-365d, 0d]\n");
}

/* the order of a sentence */
static void mistake_the_order_of_a_sentence(void **state)
{
	(void)state;
	CHECK_MESSAGE("km os by rx with ci=log where a = 1 as k",
	              "error: the clause \"where\" comes before \"with\" and \"as\"  [E-SYN-036]\n"
	              "  km os by rx with ci=log where a = 1 as k\n"
	              "                          ^~~~~\n"
	              "  did you mean:  km os by rx where a = 1 with ci=log as k\n");
	CHECK_MESSAGE("km os as k with ci=log",
	              "error: \"with\" comes before \"as\"  [E-SYN-036]\n"
	              "  km os as k with ci=log\n"
	              "             ^~~~\n"
	              "  did you mean:  km os with ci=log as k\n");
	CHECK_MESSAGE("km os by rx with ci=log by sex as k",
	              "error: the clause \"by\" comes before \"with\" and \"as\"  [E-SYN-036]\n"
	              "  km os by rx with ci=log by sex as k\n"
	              "                          ^~\n"
	              "  did you mean:  km os by rx, sex with ci=log as k\n");
	CHECK_MESSAGE("cox os ~ a by sex by age",
	              "error: the clause \"by\" is given twice  [E-SYN-024]\n"
	              "  cox os ~ a by sex by age\n"
	              "                    ^~\n"
	              "  did you mean:  cox os ~ a by sex, age\n");
	CHECK_MESSAGE("km os where a = 1 where b = 2",
	              "error: the clause \"where\" is given twice  [E-SYN-024]\n"
	              "  km os where a = 1 where b = 2\n"
	              "                    ^~~~~\n"
	              "  did you mean:  km os where a = 1 and b = 2\n");
	CHECK_MESSAGE("km os with ci=log, ci=plain",
	              "error: the option \"ci\" is given twice  [E-SYN-025]\n"
	              "  km os with ci=log, ci=plain\n"
	              "                     ^~\n");
	CHECK_MESSAGE("show x to \"f\"",
	              "error: show takes no clause \"to\"  [E-SYN-023]\n"
	              "  show x to \"f\"\n"
	              "         ^~\n"
	              "  its clauses: on, where\n");
	CHECK_MESSAGE("undo as x",
	              "error: undo makes nothing that \"as\" could name  [E-SYN-023]\n"
	              "  undo as x\n"
	              "       ^~\n");
	CHECK_MESSAGE("km os ~ rx",
	              "error: km takes no \"~\"  [E-SYN-032]\n"
	              "  km os ~ rx\n"
	              "        ^\n"
	              "  did you mean:  km os by rx\n"
	              "  the groups compared follow \"by\"\n");
	CHECK_MESSAGE("cox os arm",
	              "error: cox needs \"~\" before its terms  [E-SYN-032]\n"
	              "  cox os arm\n"
	              "         ^~~\n"
	              "  did you mean:  cox os ~ arm\n");
	CHECK_MESSAGE("cox os",
	              "error: cox needs a formula: \"~\" and its terms  [E-SYN-032]\n"
	              "  cox os\n"
	              "        ^\n"
	              "  cox ENDPOINT, ... ~ TERMS [, TERMS ...] [by VAR] [strata VAR] [cluster VAR] [on COHORT] [with ...] [as NAME]\n");
	CHECK_MESSAGE("km",
	              "error: km needs an endpoint  [E-SYN-032]\n"
	              "  km\n"
	              "    ^\n"
	              "  km ENDPOINT, ... [by VAR] [on COHORT] [where ...] [with ...] [as NAME]\n");
	CHECK_MESSAGE("attrition a, b",
	              "error: attrition takes one name here  [E-SYN-032]\n"
	              "  attrition a, b\n"
	              "               ^\n");
	CHECK_MESSAGE("undo 3",
	              "error: undo stands alone, found \"3\"  [E-SYN-032]\n"
	              "  undo 3\n"
	              "       ^\n");
	CHECK_MESSAGE("cox Surv(time, status) ~ x",
	              "error: cox works on a named endpoint  [E-SYN-032]\n"
	              "  cox Surv(time, status) ~ x\n"
	              "      ^~~~\n"
	              "  define it first:  endpoint os: \"Death\"; time time in days; event \"death\": status = 1; end\n");
	CHECK_MESSAGE("table1 age sex by rx",
	              "error: expected a comma, a clause (by, on, where ...), \"with\", \"as\" or the end of the line, found \"sex\"  [E-SYN-030]\n"
	              "  table1 age sex by rx\n"
	              "             ^~~\n"
	              "  did you mean:  table1 age, sex by rx\n");
	CHECK_MESSAGE("cox os ~ age^2",
	              "error: \"^\" is arithmetic, and a formula holds only terms  [E-SYN-042]\n"
	              "  cox os ~ age^2\n"
	              "              ^\n"
	              "  for powers: poly(age, 2); for curves: rcs(age, 4)\n");
	CHECK_MESSAGE("cox os ~ age - 1",
	              "error: \"-\" is arithmetic, and a formula holds only terms  [E-SYN-042]\n"
	              "  cox os ~ age - 1\n"
	              "               ^\n"
	              "  make the column first: let x = ...\n");
	CHECK_MESSAGE("cox os ~ (a + b)*c",
	              "error: a formula has no brackets around terms  [E-SYN-042]\n"
	              "  cox os ~ (a + b)*c\n"
	              "           ^\n"
	              "  write the products out: a*c + b*c; arithmetic goes into a function or a \"let\"\n");
}

/* statements */
static void mistake_statements(void **state)
{
	(void)state;
	CHECK_MESSAGE("x = 3",
	              "error: a new column is made by \"let\"  [E-SYN-038]\n"
	              "  x = 3\n"
	              "  ^\n"
	              "  did you mean:  let x = 3\n");
	CHECK_MESSAGE("by x",
	              "error: a line begins with a verb, found \"by\"  [E-SYN-038]\n"
	              "  by x\n"
	              "  ^~\n"
	              "  to go on with the line above, end it in a comma or an open bracket, or write both as one line\n");
	CHECK_MESSAGE("* comment",
	              "error: a line begins with a verb, found \"*\"  [E-SYN-038]\n"
	              "  * comment\n"
	              "  ^\n"
	              "  a comment begins with #\n");
	CHECK_MESSAGE("lang 2",
	              "error: this program knows version 1 of the language only  [E-SYN-033]\n"
	              "  lang 2\n"
	              "       ^\n");
	CHECK_MESSAGE("use colon\nlang 1",
	              "line 2: \"lang\" is the first line of a script  [E-SYN-033]\n"
	              "  lang 1\n"
	              "  ^~~~~~\n");
	CHECK_MESSAGE("seed 1.5",
	              "error: expected a whole number, found \"1.5\"  [E-SYN-030]\n"
	              "  seed 1.5\n"
	              "       ^~~\n");
	CHECK_MESSAGE("open colon.cohort",
	              "error: expected a file name in quotes, found \"colon.cohort\"  [E-SYN-030]\n"
	              "  open colon.cohort\n"
	              "       ^~~~~~~~~~~~\n"
	              "  did you mean:  open \"colon.cohort\"\n");
	CHECK_MESSAGE("let by = 3",
	              "error: expected a name for the new column, found the word \"by\", which is reserved  [E-SYN-031]\n"
	              "  let by = 3\n"
	              "      ^~\n"
	              "  a column of that name is written in back-quotes: `by`\n");
	CHECK_MESSAGE("let x 3",
	              "error: expected \"=\", found \"3\"  [E-SYN-030]\n"
	              "  let x 3\n"
	              "        ^\n");
	CHECK_MESSAGE("let x(3) = 4",
	              "error: expected a name for the new column, found the function \"x\"  [E-SYN-030]\n"
	              "  let x(3) = 4\n"
	              "      ^\n");
	CHECK_MESSAGE("cea c, e ~ arm with wtp=3,000,000",
	              "error: expected the name of an option, found \"000\"  [E-SYN-030]\n"
	              "  cea c, e ~ arm with wtp=3,000,000\n"
	              "                            ^~~\n"
	              "  numbers have no commas between thousands; several values stand in brackets: (1, 2)\n");
	CHECK_MESSAGE("table1 a,\ntable1 b c",
	              "line 2: expected a comma, a clause (by, on, where ...), \"with\", \"as\" or the end of the line, found \"b\"  [E-SYN-030]\n"
	              "  table1 b c\n"
	              "         ^\n"
	              "  the line above goes on here, because it ends in a comma, an operator or an open bracket\n");
}

/* brackets */
static void mistake_brackets(void **state)
{
	(void)state;
	CHECK_MESSAGE("let x = (a + b",
	              "error: this bracket is never closed  [E-SYN-028]\n"
	              "  let x = (a + b\n"
	              "          ^\n"
	              "  did you mean:  let x = (a + b)\n");
	CHECK_MESSAGE("let x = a + b)",
	              "error: \")\" closes nothing  [E-SYN-028]\n"
	              "  let x = a + b)\n"
	              "               ^\n"
	              "  did you mean:  let x = a + b\n");
	CHECK_MESSAGE("cohort a:\n  require (age > 3\n  exclude b = 1\nend",
	              "line 2: this bracket is never closed  [E-SYN-028]\n"
	              "  require (age > 3\n"
	              "          ^\n"
	              "  did you mean:  require (age > 3)\n");
	CHECK_MESSAGE("let x = ()",
	              "error: expected a value inside the brackets, found nothing  [E-SYN-030]\n"
	              "  let x = ()\n"
	              "          ^~\n");
	CHECK_MESSAGE("let x = f(a,)",
	              "error: expected a column, a number or a function, found \")\"  [E-SYN-030]\n"
	              "  let x = f(a,)\n"
	              "              ^\n");
	CHECK_MESSAGE("km os with at=(1y, 2y",
	              "error: this bracket is never closed  [E-SYN-028]\n"
	              "  km os with at=(1y, 2y\n"
	              "                ^\n"
	              "  did you mean:  km os with at=(1y, 2y)\n");
}

/* characters */
static void mistake_characters(void **state)
{
	(void)state;
	CHECK_MESSAGE("let 高齢 = 年齢　＞＝　６５",
	              "error: \"＞\" is a full-width or typographic symbol  [E-SYN-004]\n"
	              "  let 高齢 = 年齢　＞＝　６５\n"
	              "                   ^~\n"
	              "  did you mean:  let 高齢 = 年齢 >= 65\n");
	CHECK_MESSAGE("table1 年齢、性別",
	              "error: \"、\" is a full-width or typographic symbol  [E-SYN-004]\n"
	              "  table1 年齢、性別\n"
	              "             ^~\n"
	              "  did you mean:  table1 年齢,性別\n");
	CHECK_MESSAGE("study “Title”",
	              "error: text stands in plain double quotes: \"...\"  [E-SYN-005]\n"
	              "  study “Title”\n"
	              "        ^\n"
	              "  did you mean:  study \"Title\"\n");
	CHECK_MESSAGE("study 'Title'",
	              "error: text stands in plain double quotes: \"...\"  [E-SYN-005]\n"
	              "  study 'Title'\n"
	              "        ^\n"
	              "  did you mean:  study \"Title\"\n");
	CHECK_MESSAGE("let x = a ≤ 3",
	              "error: \"≤\" is a full-width or typographic symbol  [E-SYN-004]\n"
	              "  let x = a ≤ 3\n"
	              "            ^\n"
	              "  did you mean:  let x = a <= 3\n");
	CHECK_MESSAGE("let x = a – 1",
	              "error: \"–\" is a full-width or typographic symbol  [E-SYN-004]\n"
	              "  let x = a – 1\n"
	              "            ^\n"
	              "  did you mean:  let x = a - 1\n");
	CHECK_MESSAGE("study \"Title",
	              "error: this text is not closed before the end of the line  [E-SYN-007]\n"
	              "  study \"Title\n"
	              "        ^\n"
	              "  close it with \" on the same line; a quote inside is written twice: \"\"\n");
	CHECK_MESSAGE("let x = `a",
	              "error: a name in back-quotes must be closed on its line and not be empty  [E-SYN-008]\n"
	              "  let x = `a\n"
	              "          ^~\n");
	CHECK_MESSAGE("let x = a @ b",
	              "error: \"@\" has no place in the language  [E-SYN-006]\n"
	              "  let x = a @ b\n"
	              "            ^\n");
	CHECK_MESSAGE("let x = a..b",
	              "error: a dot in a name stands between two parts of it: \"a.\"  [E-SYN-011]\n"
	              "  let x = a..b\n"
	              "          ^~\n");
	CHECK_MESSAGE("let x = a\xE2\x80\x8B"" + 1",
	              "error: there is an invisible character (U+200B) here; delete it  [E-SYN-003]\n"
	              "  let x = a\xE2\x80\x8B"" + 1\n"
	              "           ^\n");
	CHECK_MESSAGE("let x = a\x01""",
	              "error: there is a control character (0x01) here  [E-SYN-002]\n"
	              "  let x = a\\x01\n"
	              "           ^~~~\n");
	CHECK_MESSAGE("# comment \x02""",
	              "error: there is a control character (0x02) here  [E-SYN-002]\n"
	              "  # comment \\x02\n"
	              "            ^~~~\n");
	CHECK_MESSAGE("study \"a\tb\"",
	              "error: there is a control character (0x09) here  [E-SYN-002]\n"
	              "  study \"a b\"\n"
	              "          ^\n");
	CHECK_MESSAGE("let x = \xFF""",
	              "error: byte 9 of the text, 0xff, is not UTF-8  [E-SYN-001]\n"
	              "  let x = \\xff\n"
	              "          ^~~~\n"
	              "  save the script as UTF-8\n");
	CHECK_MESSAGE("study \"\xC3""\"",
	              "error: byte 8 of the text, 0xc3, is not UTF-8  [E-SYN-001]\n"
	              "  study \"\\xc3\"\n"
	              "         ^~~~\n"
	              "  save the script as UTF-8\n");
	CHECK_MESSAGE("let x = a\x00""b",
	              "error: there is a control character (0x00) here  [E-SYN-002]\n"
	              "  let x = a\\x00b\n"
	              "           ^~~~\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistake_an_option_without_its_with),
		cmocka_unit_test(mistake_comparisons),
		cmocka_unit_test(mistake_missing_values),
		cmocka_unit_test(mistake_conditions_where_names_are_wanted),
		cmocka_unit_test(mistake_durations_windows_and_fractions),
		cmocka_unit_test(mistake_names_nobody_knows),
		cmocka_unit_test(mistake_blocks),
		cmocka_unit_test(mistake_the_order_of_a_sentence),
		cmocka_unit_test(mistake_statements),
		cmocka_unit_test(mistake_brackets),
		cmocka_unit_test(mistake_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
