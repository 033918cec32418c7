Feature: A waiting list is given out as a whole
  Picked one by one, the first case takes the person whom the second one needs. Planned together, each gets somebody, near and with
  room; what somebody changed in between stops no other case.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Wang has room for one case
    And Ouyang is away until Friday 19 April 2024
    And Asha's dispute with Bram waits
    And Cleo's dispute with Bram waits, and Ou is her cousin

  Rule: most cases first, then the least distance and load
    Scenario: The first would take whom the second needs
      When Ding gives out the waiting list
      Then Asha's case is with Ou
      And Cleo's case is with Wang
      And the answer says that 1 more got somebody than one by one
      And the audit trail says that the pick was made in a batch of 2

    Scenario: Looked at first
      When Ding looks how the waiting list would be given out
      Then the answer says that both would get somebody
      And nobody has Asha's case
      And nobody has Cleo's case

  Rule: each case is a decision of its own
    Scenario: Somebody was faster with one of them
      Given Duan has given Asha's case to Ou
      When Ding gives out the waiting list by its numbers
      Then Cleo's case is with Wang
      And the answer says of Asha's case that it "was taken: off-05 has the seat"

    Scenario: Nobody is left for one of them
      Given Ou is away until Friday 19 April 2024
      When Ding gives out the waiting list
      Then Asha's case is with Wang
      And nobody has Cleo's case
      And the answer says of Cleo's case that it "Nobody can take it"
