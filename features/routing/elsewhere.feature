Feature: Whoever has a matter of somebody else's has it until the other takes it
  Passing a report on gives nobody's hands free. Until the other has it, it stays with whom it was given to, counts as his
  work, and nobody else is picked.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is screened
    And Ding has referred it to the station

  Rule: refer - the receiver answers for it until the other has taken it over
    Scenario: After twenty-three hours
      When it becomes Tuesday 16 April 2024, 08:00
      Then Ding was reminded once of "To be taken over"
      And Wang holds the seat of the handler
      And nobody was picked since it was given to Wang

    Scenario: Late after a day
      When it becomes Tuesday 16 April 2024, 09:01
      Then the deadline "To be taken over" is late
      And Wang holds the seat of the handler
      And nobody was picked since it was given to Wang

  Rule: what somebody answers for counts as his work
    Scenario: The other has not answered yet
      When Ding lets the engine choose the handler of another dispute of the village
      Then Wang was weighed with work of 2 in hand

    Scenario: The other has it
      Given the station has taken it over
      When Ding lets the engine choose the handler of another dispute of the village
      Then Wang was weighed with work of 0 in hand
