;; A component that hands a stream on, so that its reader can give it up: see
;; wit/0.3/cancellation.wit. A guest of componentize-py can neither take back a read that
;; is pending nor drop the stream meanwhile. Here the read is cancelled and the stream
;; dropped, and the host closes the connection behind it.
(component
  (core module $memory (memory (export "memory") 1))
  (core instance $m (instantiate $memory))
  (alias core export $m "memory" (core memory $mem))

  (type $bytes (stream u8))
  (core func $new (canon stream.new $bytes))
  (core func $read (canon stream.read $bytes async (memory $mem)))
  (core func $write (canon stream.write $bytes async (memory $mem)))
  (core func $cancel-read (canon stream.cancel-read $bytes))
  (core func $cancel-write (canon stream.cancel-write $bytes))
  (core func $drop-readable (canon stream.drop-readable $bytes))
  (core func $drop-writable (canon stream.drop-writable $bytes))
  (core func $ret (canon task.return (result $bytes) (memory $mem)))
  (core func $set-new (canon waitable-set.new))
  (core func $set-drop (canon waitable-set.drop))
  (core func $join (canon waitable.join))
  (core func $ctx-get (canon context.get i32 0))
  (core func $ctx-set (canon context.set i32 0))

  (core module $main
    (import "m" "memory" (memory 1))
    (import "h" "new" (func $new (result i64)))
    (import "h" "read" (func $read (param i32 i32 i32) (result i32)))
    (import "h" "write" (func $write (param i32 i32 i32) (result i32)))
    (import "h" "cancel-read" (func $cancel-read (param i32) (result i32)))
    (import "h" "cancel-write" (func $cancel-write (param i32) (result i32)))
    (import "h" "drop-readable" (func $drop-readable (param i32)))
    (import "h" "drop-writable" (func $drop-writable (param i32)))
    (import "h" "ret" (func $ret (param i32)))
    (import "h" "set-new" (func $set-new (result i32)))
    (import "h" "set-drop" (func $set-drop (param i32)))
    (import "h" "join" (func $join (param i32 i32)))
    (import "h" "ctx-get" (func $ctx-get (result i32)))
    (import "h" "ctx-set" (func $ctx-set (param i32)))
    ;; A slot of 16 KiB for each stream: 0 set, 4 source, 8 held, 12 out, 16 what is
    ;; pending (0 a read of the source, 1 a write), 20 and 24 what is left to write, 28 the
    ;; source has ended, 32 next free, 36 held is read, 48 a byte for held, 64 the bytes.
    (global $free (mut i32) (i32.const 0))
    (global $top (mut i32) (i32.const 16384))
    (func $alloc (result i32) (local $s i32)
      (if (global.get $free)
        (then
          (local.set $s (global.get $free))
          (global.set $free (i32.load offset=32 (local.get $s)))
          (return (local.get $s))))
      (local.set $s (global.get $top))
      (global.set $top (i32.add (global.get $top) (i32.const 16384)))
      (if (i32.gt_u (global.get $top) (i32.shl (memory.size) (i32.const 16)))
        (then (drop (memory.grow (i32.const 1)))))
      (local.get $s))
    (func $release (param $s i32)
      (i32.store offset=32 (local.get $s) (global.get $free))
      (global.set $free (local.get $s)))
    (func $wait (param $s i32) (result i32)
      (i32.or (i32.const 2) (i32.shl (i32.load (local.get $s)) (i32.const 4))))

    (func (export "cancellable") (param $source i32) (param $held i32) (result i32)
      (local $s i32) (local $pair i64)
      (local.set $s (call $alloc))
      (local.set $pair (call $new))
      (i32.store (local.get $s) (call $set-new))
      (i32.store offset=4 (local.get $s) (local.get $source))
      (i32.store offset=8 (local.get $s) (local.get $held))
      (i32.store offset=12 (local.get $s)
        (i32.wrap_i64 (i64.shr_u (local.get $pair) (i64.const 32))))
      (i64.store offset=16 (local.get $s) (i64.const 0))
      (i64.store offset=24 (local.get $s) (i64.const 0))
      (i32.store offset=36 (local.get $s) (i32.const 0))
      (call $join (local.get $source) (i32.load (local.get $s)))
      (call $join (local.get $held) (i32.load (local.get $s)))
      (call $join (i32.load offset=12 (local.get $s)) (i32.load (local.get $s)))
      (call $ret (i32.wrap_i64 (local.get $pair)))
      (call $ctx-set (local.get $s))
      ;; Nothing is ever written to it: a read ends when its writer is dropped.
      (if (i32.ne (call $read (local.get $held) (i32.add (local.get $s) (i32.const 48)) (i32.const 1)) (i32.const -1))
        (then
          (call $close (local.get $s))
          (return (i32.const 0))))
      (i32.store offset=36 (local.get $s) (i32.const 1))
      (call $go-on (local.get $s)))
    (func (export "callback") (param $event i32) (param $from i32) (param $result i32) (result i32)
      (local $s i32)
      (local.set $s (call $ctx-get))
      ;; Hosts also tell that the other end of a stream was dropped while nothing is
      ;; pending on it: of the source while a write is, and of what was returned while the
      ;; source is read.
      (if (i32.eq (local.get $from) (i32.load offset=4 (local.get $s)))
        (then
          (if (i32.load offset=16 (local.get $s))
            (then
              (i32.store offset=28 (local.get $s) (i32.const 1))
              (return (call $wait (local.get $s)))))
          (call $got (local.get $s) (local.get $result))
          (return (call $go-on (local.get $s)))))
      (if (i32.and
            (i32.eq (local.get $from) (i32.load offset=12 (local.get $s)))
            (i32.load offset=16 (local.get $s)))
        (then
          (call $wrote (local.get $s) (local.get $result))
          (return (call $go-on (local.get $s)))))
      (if (i32.eq (local.get $from) (i32.load offset=8 (local.get $s)))
        (then (i32.store offset=36 (local.get $s) (i32.const 0))))
      (call $give-up (local.get $s))
      (i32.const 0))

    ;; Write what is left, or read more, until one of them has to be waited for.
    (func $go-on (param $s i32) (result i32) (local $r i32)
      (loop $again
        (if (i32.lt_u (i32.load offset=20 (local.get $s)) (i32.load offset=24 (local.get $s)))
          (then
            (i32.store offset=16 (local.get $s) (i32.const 1))
            (local.set $r (call $write
              (i32.load offset=12 (local.get $s))
              (i32.add (i32.add (local.get $s) (i32.const 64)) (i32.load offset=20 (local.get $s)))
              (i32.sub (i32.load offset=24 (local.get $s)) (i32.load offset=20 (local.get $s)))))
            (if (i32.eq (local.get $r) (i32.const -1))
              (then (return (call $wait (local.get $s)))))
            (call $wrote (local.get $s) (local.get $r))
            (br $again)))
        (if (i32.eqz (i32.load offset=28 (local.get $s)))
          (then
            (i32.store offset=16 (local.get $s) (i32.const 0))
            (local.set $r (call $read
              (i32.load offset=4 (local.get $s))
              (i32.add (local.get $s) (i32.const 64))
              (i32.const 16320)))
            (if (i32.eq (local.get $r) (i32.const -1))
              (then (return (call $wait (local.get $s)))))
            (call $got (local.get $s) (local.get $r))
            (br $again))))
      (call $close (local.get $s))
      (i32.const 0))
    ;; A result has the count of bytes, and 1 in its low bits if the other end was dropped.
    (func $got (param $s i32) (param $result i32)
      (i32.store offset=20 (local.get $s) (i32.const 0))
      (i32.store offset=24 (local.get $s) (i32.shr_u (local.get $result) (i32.const 4)))
      (i32.store offset=28 (local.get $s) (i32.and (local.get $result) (i32.const 1))))
    (func $wrote (param $s i32) (param $result i32)
      (i32.store offset=20 (local.get $s)
        (i32.add (i32.load offset=20 (local.get $s)) (i32.shr_u (local.get $result) (i32.const 4))))
      (if (i32.and (local.get $result) (i32.const 1))
        (then
          (i32.store offset=20 (local.get $s) (i32.load offset=24 (local.get $s)))
          (i32.store offset=28 (local.get $s) (i32.const 1)))))
    (func $give-up (param $s i32) (local $pending i32)
      (if (i32.load offset=16 (local.get $s))
        (then
          (call $join (i32.load offset=12 (local.get $s)) (i32.const 0))
          (drop (call $cancel-write (i32.load offset=12 (local.get $s)))))
        (else
          (call $join (i32.load offset=4 (local.get $s)) (i32.const 0))
          (drop (call $cancel-read (i32.load offset=4 (local.get $s))))))
      (call $close (local.get $s)))
    ;; Drop all that a slot has; nothing but the read of held may be pending any more.
    (func $close (param $s i32)
      (call $join (i32.load offset=4 (local.get $s)) (i32.const 0))
      (call $drop-readable (i32.load offset=4 (local.get $s)))
      (call $join (i32.load offset=8 (local.get $s)) (i32.const 0))
      (if (i32.load offset=36 (local.get $s))
        (then (drop (call $cancel-read (i32.load offset=8 (local.get $s))))))
      (call $drop-readable (i32.load offset=8 (local.get $s)))
      (call $join (i32.load offset=12 (local.get $s)) (i32.const 0))
      (call $drop-writable (i32.load offset=12 (local.get $s)))
      (call $set-drop (i32.load (local.get $s)))
      (call $release (local.get $s))))
  (core instance $i (instantiate $main
    (with "m" (instance $m))
    (with "h" (instance
      (export "new" (func $new)) (export "read" (func $read)) (export "write" (func $write))
      (export "cancel-read" (func $cancel-read)) (export "cancel-write" (func $cancel-write))
      (export "drop-readable" (func $drop-readable))
      (export "drop-writable" (func $drop-writable))
      (export "ret" (func $ret)) (export "set-new" (func $set-new))
      (export "set-drop" (func $set-drop)) (export "join" (func $join))
      (export "ctx-get" (func $ctx-get)) (export "ctx-set" (func $ctx-set))))))
  (func $cancellable async (param "source" $bytes) (param "held" $bytes) (result $bytes)
    (canon lift (core func $i "cancellable") async (callback (core func $i "callback")) (memory $mem)))
  (instance $out (export "cancellable" (func $cancellable)))
  (export "wasmcloud:ai/cancellation@0.3.0" (instance $out)))
