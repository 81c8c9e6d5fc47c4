/* spin -search FILE: no two or more of these flows wait for each other for ever. */
#ifndef FLOWS
#define FLOWS 2  /* at the same time: -DFLOWS=3 for more */
#endif
mtype = { reader, writer };
byte readers_x; bit writes_x; chan queue_x = [FLOWS] of { byte, mtype };
byte readers_y; bit writes_y; chan queue_y = [FLOWS] of { byte, mtype };

proctype activation_of_Listen_0() {
  mtype held_x = 0;
  mtype held_y = 0;
  goto at_0;
at_0: /* reach_Listen */
  goto at_1;
at_1: /* call_Listen */
  if
  :: true -> goto at_2
  :: true -> goto at_12
  fi;
at_2: /* spawn_Listen */
  if
  :: true -> goto at_3
  :: true -> goto at_12
  fi;
at_12: /* failed_Listen */
  goto at_13;
at_3: /* end_done_Listen */
  goto over;
at_13: /* end_failed_Listen */
  goto over;
over: skip
}

proctype flow_of_Listen_1() {
  mtype held_x = 0;
  mtype held_y = 0;
  goto at_4;
at_4: /* dispatch_Either */
  if
  :: true -> goto at_5
  :: true -> goto at_8
  :: true -> goto at_14
  fi;
at_5: /* acquire_x_for_A */
  if
  :: queue_x ! _pid, writer;
     atomic { (queue_x ? [eval(_pid), writer]) && writes_x == 0 && readers_x == 0 -> queue_x ? eval(_pid), writer; writes_x = 1; held_x = writer };
     goto at_6
  :: atomic { if :: held_y == reader -> readers_y--; held_y = 0 :: held_y == writer -> writes_y = 0; held_y = 0 :: else -> skip fi }; atomic { if :: held_x == reader -> readers_x--; held_x = 0 :: held_x == writer -> writes_x = 0; held_x = 0 :: else -> skip fi }; goto at_14  /* its limit is over */
  fi;
at_8: /* acquire_x_for_C */
  if
  :: queue_x ! _pid, writer;
     atomic { (queue_x ? [eval(_pid), writer]) && writes_x == 0 && readers_x == 0 -> queue_x ? eval(_pid), writer; writes_x = 1; held_x = writer };
     goto at_9
  :: goto at_15  /* its limit is over */
  fi;
at_14: /* end_failed_flow_of_Listen */
  goto over;
at_6: /* acquire_y_for_B */
  if
  :: queue_y ! _pid, writer;
     atomic { (queue_y ? [eval(_pid), writer]) && writes_y == 0 && readers_y == 0 -> queue_y ? eval(_pid), writer; writes_y = 1; held_y = writer };
     goto at_7
  :: goto at_16  /* its limit is over */
  fi;
at_9: /* acquire_y_for_C */
  if
  :: queue_y ! _pid, writer;
     atomic { (queue_y ? [eval(_pid), writer]) && writes_y == 0 && readers_y == 0 -> queue_y ? eval(_pid), writer; writes_y = 1; held_y = writer };
     goto at_10
  :: goto at_15  /* its limit is over */
  fi;
at_15: /* failed_C */
  atomic { if :: held_y == reader -> readers_y--; held_y = 0 :: held_y == writer -> writes_y = 0; held_y = 0 :: else -> skip fi };
  atomic { if :: held_x == reader -> readers_x--; held_x = 0 :: held_x == writer -> writes_x = 0; held_x = 0 :: else -> skip fi };
  goto at_14;
at_7: /* call_B */
  if
  :: true -> atomic { if :: held_y == reader -> readers_y--; held_y = 0 :: held_y == writer -> writes_y = 0; held_y = 0 :: else -> skip fi }; atomic { if :: held_x == reader -> readers_x--; held_x = 0 :: held_x == writer -> writes_x = 0; held_x = 0 :: else -> skip fi }; goto at_11
  :: true -> goto at_16
  fi;
at_16: /* failed_B */
  atomic { if :: held_y == reader -> readers_y--; held_y = 0 :: held_y == writer -> writes_y = 0; held_y = 0 :: else -> skip fi };
  atomic { if :: held_x == reader -> readers_x--; held_x = 0 :: held_x == writer -> writes_x = 0; held_x = 0 :: else -> skip fi };
  goto at_14;
at_10: /* call_D */
  if
  :: true -> atomic { if :: held_y == reader -> readers_y--; held_y = 0 :: held_y == writer -> writes_y = 0; held_y = 0 :: else -> skip fi }; atomic { if :: held_x == reader -> readers_x--; held_x = 0 :: held_x == writer -> writes_x = 0; held_x = 0 :: else -> skip fi }; goto at_11
  :: true -> atomic { if :: held_y == reader -> readers_y--; held_y = 0 :: held_y == writer -> writes_y = 0; held_y = 0 :: else -> skip fi }; atomic { if :: held_x == reader -> readers_x--; held_x = 0 :: held_x == writer -> writes_x = 0; held_x = 0 :: else -> skip fi }; goto at_14
  fi;
at_11: /* end_done_flow_of_Listen */
  goto over;
over: skip
}

init {
  byte flows;
  atomic {
    do
    :: flows < FLOWS -> run activation_of_Listen_0(); flows++
    :: flows < FLOWS -> run flow_of_Listen_1(); flows++
    :: flows == FLOWS -> break
    od
  }
}
