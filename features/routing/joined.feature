Feature: Of two reports of one fight one is worked on, with the graver grade
  The second report takes nobody's time once it is joined. If it was graver, a person says whether that holds for both,
  and then the rule for that grade picks.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram, graded yellow, is reported
    And ten minutes later Bram has reported the same as red

  Rule: merge - a graver grade is proposed where the case goes on, and never set by itself
    Scenario: The second report was red
      Given Ding has joined the second report to the first
      When it becomes Monday 15 April 2024, 09:15
      Then the grade "red" is proposed, as it came with the second report
      And the case is graded "yellow"
      And both reports keep the time at which they came

    Scenario: Taken apart before anybody confirmed it
      Given Ding has joined the second report to the first
      And it has become Monday 15 April 2024, 09:15
      When Ding takes the two reports apart
      Then both stand as they stood, linked no more
      And no grade is proposed

    Scenario: Confirmed, it stays
      Given Ding has joined the second report to the first
      And it has become Monday 15 April 2024, 09:15
      And Ding has graded it red
      When Ding takes the two reports apart
      Then both stand as they stood, linked no more
      And the case is graded "red"

    Scenario: The same as a duplicate
      Given Ding has marked the second report as a duplicate of the first
      When it becomes Monday 15 April 2024, 09:15
      Then the grade "red" is proposed, as it came with the second report
      And the first report is linked to the second

  Rule: red-1 - once a person has confirmed red, a sworn officer takes it
    Scenario: Before
      Given Ding has joined the second report to the first
      And it has become Monday 15 April 2024, 09:15
      When Ding lets the engine choose the handler
      Then Wang holds the seat of the handler
      And the explanation names the rule "yellow-1", because "a common dispute goes to the nearest"

    Scenario: After
      Given Ding has joined the second report to the first
      And it has become Monday 15 April 2024, 09:15
      And Ding has graded it red
      When Ding lets the engine choose the handler
      Then Ou holds the seat of the handler
      And the explanation names the rule "red-1", because "red takes a sworn officer at once"

  Rule: what was joined to another is nobody's work
    Scenario: The second report had been Ou's
      Given Ding has given the second report to Ou
      And Ding has joined the second report to the first
      When Ding lets the engine choose the handler of a red dispute of the village
      Then Ou was weighed with work of 0 in hand
