Feature: One case, one handler
  Two people at two desks look at the same case. The first one wins, the second one is told who was first.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported

  Rule: if the case has changed since somebody looked, nothing is done
    Scenario: Two dispatchers, one case
      Given Ding and Duan have the case before their eyes
      And Ding has given it to Wang
      When Duan gives it to Ou
      Then it is refused because "Changed since you looked"
      And Wang holds the seat of the handler

  Rule: what another has decided is changed only with a reason
    Scenario: Without a reason it was too late
      Given Ding has given it to Wang
      And Duan has looked again
      When Duan gives it to Ou
      Then it is refused because "aux-07 has this case since"
      And Wang holds the seat of the handler

    Scenario: With a reason
      Given Ding has given it to Wang
      And Duan has looked again
      When Duan gives it to Ou, because "it needs a sworn officer"
      Then Ou holds the seat of the handler
      And the audit trail keeps the reason "it needs a sworn officer"

  Rule: only who dispatches gives a case to somebody
    Scenario: An auxiliary gives it to another
      When Wang gives it to Wu
      Then it is refused because it "is for Dispatcher, Head of the station"
