/* spin -search FILE: no two or more of these flows wait for each other for ever. */
#ifndef FLOWS
#define FLOWS 2  /* at the same time: -DFLOWS=3 for more */
#endif
mtype = { reader, writer };
byte readers_cart[2]; bit writes_cart[2]; chan queue_cart[2] = [FLOWS] of { byte, mtype };
byte taken_db; chan queue_db = [FLOWS] of { byte, mtype };
byte readers_page; bit writes_page; chan queue_page = [FLOWS] of { byte, mtype };
byte key_readers_page[2]; bit key_writes_page[2]; chan key_queue_page[2] = [FLOWS] of { byte, mtype };

proctype activation_of_Listen_0() {
  mtype held_cart = 0;
  mtype held_db = 0;
  mtype held_page = 0;
  mtype key_held_page[2] = 0;
  byte value_1 = 2;
  byte value_2 = 2;
  byte session;
  bit bit_0;
  bit bit_1;
  goto at_0;
at_0: /* reach_Listen */
  goto at_1;
at_1: /* call_Listen */
  if
  :: true -> value_1 = 2; goto at_2
  :: true -> value_1 = 2; goto at_27
  fi;
at_2: /* spawn_Listen */
  if
  :: true -> value_1 = 2; goto at_3
  :: true -> value_1 = 2; goto at_27
  fi;
at_27: /* failed_Listen */
  goto at_28;
at_3: /* end_done_Listen */
  goto over;
at_28: /* end_failed_Listen */
  goto over;
over: skip
}

proctype flow_of_Listen_1() {
  mtype held_cart = 0;
  mtype held_db = 0;
  mtype held_page = 0;
  mtype key_held_page[2] = 0;
  byte value_1 = 2;
  byte value_2 = 2;
  byte session;
  bit bit_0;
  bit bit_1;
  if :: session = 0 :: session = 1 fi;
  goto at_4;
at_4: /* acquire_cart_for_Read */
  if
  :: bit_1 -> goto at_5
  :: else ->
    if
    :: queue_cart[session] ! _pid, reader;
       atomic { (queue_cart[session] ? [eval(_pid), reader]) && writes_cart[session] == 0 -> queue_cart[session] ? eval(_pid), reader; readers_cart[session]++; held_cart = reader; bit_0 = 1 };
       goto at_5
    :: goto at_29  /* its limit is over */
    fi;
  fi;
at_5: /* call_Read */
  if
  :: true -> value_1 = 2; if :: bit_0 -> atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi }; bit_0 = 0 :: else -> skip fi; goto at_6
  :: true -> goto at_29
  fi;
at_29: /* failed_Read */
  atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi };
  atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi };
  atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi };
  atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi };
  bit_0 = 0;
  bit_1 = 0;
  value_1 = 2; goto at_30;
at_6: /* acquire_cart_for_Change */
  if
  :: queue_cart[session] ! _pid, writer;
     atomic { (queue_cart[session] ? [eval(_pid), writer]) && writes_cart[session] == 0 && readers_cart[session] == 0 -> queue_cart[session] ? eval(_pid), writer; writes_cart[session] = 1; held_cart = writer };
     goto at_7
  :: atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi }; atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi }; atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi }; atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi }; bit_0 = 0; bit_1 = 0; value_1 = 2; goto at_30  /* its limit is over */
  fi;
at_30: /* end_failed_flow_of_Listen */
  goto over;
at_7: /* acquire_db_for_Write */
  if
  :: queue_db ! _pid, writer;
     atomic { (queue_db ? [eval(_pid), writer]) && taken_db < 2 -> queue_db ? eval(_pid), writer; taken_db++; held_db = writer };
     goto at_8
  :: goto at_31  /* its limit is over */
  fi;
at_8: /* acquire_page_for_Write */
  if
  :: queue_page ! _pid, reader;
     atomic { (queue_page ? [eval(_pid), reader]) && writes_page == 0 -> queue_page ? eval(_pid), reader; readers_page++; held_page = reader };
     goto at_9
  :: goto at_31  /* its limit is over */
  fi;
at_31: /* failed_Write */
  atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi };
  atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi };
  atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi };
  atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi };
  bit_0 = 0;
  bit_1 = 0;
  value_1 = 2; goto at_30;
at_9: /* acquire_page_keys_for_Write */
  atomic { if :: value_1 == 2 -> if :: value_1 = 0 :: value_1 = 1 fi :: else fi };
  if
  :: key_queue_page[value_1] ! _pid, writer;
     atomic { (key_queue_page[value_1] ? [eval(_pid), writer]) && key_writes_page[value_1] == 0 && key_readers_page[value_1] == 0 -> key_queue_page[value_1] ? eval(_pid), writer; key_writes_page[value_1] = 1; key_held_page[value_1] = writer };
     goto at_10
  :: goto at_31  /* its limit is over */
  fi;
at_10: /* call_Write */
  if
  :: true -> atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi }; atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi }; atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi }; goto at_11
  :: true -> goto at_31
  fi;
at_11: /* call_Copy */
  if
  :: true -> value_1 = 2; value_2 = 2; goto at_12
  :: true -> value_2 = 2; atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi }; atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi }; atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi }; atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi }; bit_0 = 0; bit_1 = 0; value_1 = 2; goto at_30
  fi;
at_12: /* acquire_page_for_Link */
  if
  :: queue_page ! _pid, reader;
     atomic { (queue_page ? [eval(_pid), reader]) && writes_page == 0 -> queue_page ? eval(_pid), reader; readers_page++; held_page = reader };
     goto at_13
  :: goto at_32  /* its limit is over */
  fi;
at_13: /* acquire_page_keys_for_Link */
  atomic { if :: value_1 == 2 -> if :: value_1 = 0 :: value_1 = 1 fi :: else fi; if :: value_2 == 2 -> if :: value_2 = 0 :: value_2 = 1 fi :: else fi };
  if
  :: value_1 == 0 ->
      if
      :: key_queue_page[0] ! _pid, writer;
         atomic { (key_queue_page[0] ? [eval(_pid), writer]) && key_writes_page[0] == 0 && key_readers_page[0] == 0 -> key_queue_page[0] ? eval(_pid), writer; key_writes_page[0] = 1; key_held_page[0] = writer };
         skip
      :: goto at_32  /* its limit is over */
      fi;
  :: !(value_1 == 0) && (value_2 == 0) ->
      if
      :: key_queue_page[0] ! _pid, reader;
         atomic { (key_queue_page[0] ? [eval(_pid), reader]) && key_writes_page[0] == 0 -> key_queue_page[0] ? eval(_pid), reader; key_readers_page[0]++; key_held_page[0] = reader };
         skip
      :: goto at_32  /* its limit is over */
      fi;
  :: else
  fi;
  if
  :: value_1 == 1 ->
      if
      :: key_queue_page[1] ! _pid, writer;
         atomic { (key_queue_page[1] ? [eval(_pid), writer]) && key_writes_page[1] == 0 && key_readers_page[1] == 0 -> key_queue_page[1] ? eval(_pid), writer; key_writes_page[1] = 1; key_held_page[1] = writer };
         skip
      :: goto at_32  /* its limit is over */
      fi;
  :: !(value_1 == 1) && (value_2 == 1) ->
      if
      :: key_queue_page[1] ! _pid, reader;
         atomic { (key_queue_page[1] ? [eval(_pid), reader]) && key_writes_page[1] == 0 -> key_queue_page[1] ? eval(_pid), reader; key_readers_page[1]++; key_held_page[1] = reader };
         skip
      :: goto at_32  /* its limit is over */
      fi;
  :: else
  fi;
  goto at_14;
at_32: /* failed_Link */
  atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi };
  atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi };
  atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi };
  atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi };
  bit_0 = 0;
  bit_1 = 0;
  value_1 = 2; value_2 = 2; goto at_30;
at_14: /* call_Link */
  if
  :: true -> atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi }; atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi }; value_1 = 2; value_2 = 2; atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi }; goto at_15
  :: true -> goto at_32
  fi;
at_15: /* end_done_flow_of_Listen */
  goto over;
over: skip
}

proctype activation_of_Tick_2() {
  mtype held_cart = 0;
  mtype held_db = 0;
  mtype held_page = 0;
  mtype key_held_page[2] = 0;
  byte value_1 = 2;
  byte value_2 = 2;
  byte session;
  bit bit_0;
  bit bit_1;
  goto at_16;
at_16: /* reach_Tick */
  goto at_17;
at_17: /* call_Tick */
  if
  :: true -> value_1 = 2; goto at_18
  :: true -> value_1 = 2; goto at_33
  fi;
at_18: /* spawn_Tick */
  if
  :: true -> value_1 = 2; goto at_19
  :: true -> value_1 = 2; goto at_33
  fi;
at_33: /* failed_Tick */
  goto at_34;
at_19: /* end_done_Tick */
  goto over;
at_34: /* end_failed_Tick */
  goto over;
over: skip
}

proctype flow_of_Tick_3() {
  mtype held_cart = 0;
  mtype held_db = 0;
  mtype held_page = 0;
  mtype key_held_page[2] = 0;
  byte value_1 = 2;
  byte value_2 = 2;
  byte session;
  bit bit_0;
  bit bit_1;
  if :: session = 0 :: session = 1 fi;
  goto at_20;
at_20: /* acquire_cart_for_Cleaning */
  if
  :: queue_cart[session] ! _pid, reader;
     atomic { (queue_cart[session] ? [eval(_pid), reader]) && writes_cart[session] == 0 -> queue_cart[session] ? eval(_pid), reader; readers_cart[session]++; held_cart = reader; bit_1 = 1 };
     goto at_21
  :: goto at_35  /* its limit is over */
  fi;
at_21: /* acquire_db_for_Cleaning */
  if
  :: queue_db ! _pid, writer;
     atomic { (queue_db ? [eval(_pid), writer]) && taken_db < 2 -> queue_db ? eval(_pid), writer; taken_db++; held_db = writer };
     goto at_22
  :: goto at_35  /* its limit is over */
  fi;
at_35: /* failed_Cleaning */
  atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi };
  atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi };
  atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi };
  atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi };
  bit_0 = 0;
  bit_1 = 0;
  value_1 = 2; goto at_36;
at_22: /* acquire_page_for_Purge */
  if
  :: queue_page ! _pid, writer;
     atomic { (queue_page ? [eval(_pid), writer]) && writes_page == 0 && readers_page == 0 -> queue_page ? eval(_pid), writer; writes_page = 1; held_page = writer };
     goto at_23
  :: goto at_37  /* its limit is over */
  fi;
at_36: /* end_failed_flow_of_Tick */
  goto over;
at_23: /* call_Purge */
  if
  :: true -> value_1 = 2; atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi }; goto at_24
  :: true -> goto at_37
  fi;
at_37: /* failed_Purge */
  atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi };
  atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi };
  atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi };
  atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi };
  bit_0 = 0;
  bit_1 = 0;
  value_1 = 2; goto at_36;
at_24: /* acquire_cart_for_Read_2 */
  if
  :: bit_1 -> goto at_25
  :: else ->
    if
    :: queue_cart[session] ! _pid, reader;
       atomic { (queue_cart[session] ? [eval(_pid), reader]) && writes_cart[session] == 0 -> queue_cart[session] ? eval(_pid), reader; readers_cart[session]++; held_cart = reader; bit_0 = 1 };
       goto at_25
    :: goto at_38  /* its limit is over */
    fi;
  fi;
at_25: /* call_Read_2 */
  if
  :: true -> value_1 = 2; if :: bit_0 -> atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi }; bit_0 = 0 :: else -> skip fi; value_1 = 2; atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi }; if :: bit_1 -> atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi }; bit_1 = 0 :: else -> skip fi; goto at_26
  :: true -> goto at_38
  fi;
at_38: /* failed_Read_2 */
  atomic { if :: key_held_page[0] == reader -> key_readers_page[0]--; key_held_page[0] = 0 :: key_held_page[0] == writer -> key_writes_page[0] = 0; key_held_page[0] = 0 :: else -> skip fi }; atomic { if :: key_held_page[1] == reader -> key_readers_page[1]--; key_held_page[1] = 0 :: key_held_page[1] == writer -> key_writes_page[1] = 0; key_held_page[1] = 0 :: else -> skip fi };
  atomic { if :: held_page == reader -> readers_page--; held_page = 0 :: held_page == writer -> writes_page = 0; held_page = 0 :: else -> skip fi };
  atomic { if :: held_db != 0 -> taken_db--; held_db = 0 :: else -> skip fi };
  atomic { if :: held_cart == reader -> readers_cart[session]--; held_cart = 0 :: held_cart == writer -> writes_cart[session] = 0; held_cart = 0 :: else -> skip fi };
  bit_0 = 0;
  bit_1 = 0;
  value_1 = 2; goto at_36;
at_26: /* end_done_flow_of_Tick */
  goto over;
over: skip
}

init {
  byte flows;
  atomic {
    do
    :: flows < FLOWS -> run activation_of_Listen_0(); flows++
    :: flows < FLOWS -> run flow_of_Listen_1(); flows++
    :: flows < FLOWS -> run activation_of_Tick_2(); flows++
    :: flows < FLOWS -> run flow_of_Tick_3(); flows++
    :: flows == FLOWS -> break
    od
  }
}
