;; A component that exports an environment of one variable, PROMPT_PATH: it tells the
;; router where prompts are taken, and leaves it nothing else to read.
;;
;; 0.2.9 is the version that componentize-py's libc imports, and the WIT in wit/0.2.
(component
  (core module $fixed
    (memory (export "memory") 1)
    ;; At 16 a list of one pair, which is at 32: both strings with their lengths.
    (data (i32.const 16) "\20\00\00\00\01\00\00\00")
    (data (i32.const 32) "\40\00\00\00\0b\00\00\00\50\00\00\00\0d\00\00\00")
    (data (i32.const 64) "PROMPT_PATH")
    (data (i32.const 80) "/gemini-proxy")
    ;; All else is zeros: an empty list, and no directory, at 128.
    (func (export "variables") (result i32) (i32.const 16))
    (func (export "nothing") (result i32) (i32.const 128)))
  (core instance $i (instantiate $fixed))

  (type $variables (list (tuple string string)))
  (func $get-environment (result $variables)
    (canon lift (core func $i "variables") (memory (core memory $i "memory"))))
  (func $get-arguments (result (list string))
    (canon lift (core func $i "nothing") (memory (core memory $i "memory"))))
  (func $initial-cwd (result (option string))
    (canon lift (core func $i "nothing") (memory (core memory $i "memory"))))

  (instance $environment
    (export "get-environment" (func $get-environment))
    (export "get-arguments" (func $get-arguments))
    (export "initial-cwd" (func $initial-cwd)))
  (export "wasi:cli/environment@0.2.9" (instance $environment)))
